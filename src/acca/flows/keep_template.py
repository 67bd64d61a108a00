"""Keep a template of cards, or end it."""

from acca.core.operating import TemplateUnknown
from acca.store.connection import Database
from acca.store.templates import StoredTemplate, append_template, list_templates
from acca.wire.template_files import TemplateFile


async def keep_template(database: Database, file: TemplateFile, who: str) -> StoredTemplate:
    """Keep a template; one of the same name is replaced by it."""
    async with database.writer() as writer, writer.transaction():
        return await append_template(writer, file.name, file, who)


async def end_template(database: Database, name: str, who: str) -> StoredTemplate:
    """End a template, or raise TemplateUnknown: no more copies are made of it."""
    async with database.writer() as writer, writer.transaction():
        _ = _find(await list_templates(writer), name)
        return await append_template(writer, name, None, who)


async def read_template(database: Database, name: str) -> StoredTemplate:
    """Find a template that is in force, or raise TemplateUnknown."""
    async with database.reader() as reader:
        return _find(await list_templates(reader), name)


def _find(templates: list[StoredTemplate], name: str) -> StoredTemplate:
    for each in templates:
        if each.name == name:
            return each
    raise TemplateUnknown(name)
