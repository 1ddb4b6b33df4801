"""What migrations have of the store that they migrate: its secrets are in the database."""

from types import SimpleNamespace

from zenml.enums import SecretsStoreType


class SqlZenStore:
    """The store."""

    def __init__(self, config, skip_default_registrations, skip_migrations):
        self.secrets_store = SimpleNamespace(TYPE=SecretsStoreType.SQL)
