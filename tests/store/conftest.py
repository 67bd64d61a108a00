import pytest


@pytest.fixture(params=[16, 18])
def postgres_version(request):
    return request.param
