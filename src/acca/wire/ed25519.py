"""Ed25519 over documents of ours: keys as bytes, signatures as bytes, and nothing else."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_BYTES = 32
SIGNATURE_BYTES = 64
_ID_LENGTH = 16


def public_of(private: bytes) -> bytes:
    """Tell the public key of a private one, which is any 32 random bytes."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def key_id(public: bytes) -> str:
    """Name a public key: the first 16 digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:_ID_LENGTH]


def sign(private: bytes, message: bytes) -> bytes:
    """Sign a message."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(message)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature of a message is by a key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True
