"""Types of sqlalchemy-jsonfield."""

import json as standard

from sqlalchemy import JSON, UnicodeText, types

__modules__ = "jsonfield"


class JSONField(types.TypeDecorator):
    impl = types.TypeEngine

    def __init__(self, enforce_string=False, enforce_unicode=False, json=standard, json_type=JSON, *args, **kwargs):
        self.enforce_string = enforce_string
        self.enforce_unicode = enforce_unicode
        self.json_type = json_type
        super().__init__(*args, **kwargs)

    def _is_native(self, dialect):
        return not self.enforce_string

    def load_dialect_impl(self, dialect):
        if not self._is_native(dialect):
            return dialect.type_descriptor(UnicodeText())
        return dialect.type_descriptor(self.json_type() if isinstance(self.json_type, type) else self.json_type)

    def process_bind_param(self, value, dialect):
        if value is None or self._is_native(dialect):
            return value
        return standard.dumps(value, ensure_ascii=not self.enforce_unicode)


def mutable_json_field(enforce_string=False, enforce_unicode=False, json=standard, *args, **kwargs):
    return JSONField(enforce_string, enforce_unicode, json, *args, **kwargs)
