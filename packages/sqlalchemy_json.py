"""Types of sqlalchemy-json."""

from sqlalchemy import JSON
from sqlalchemy.ext.mutable import MutableDict

__modules__ = "track"


def mutable_json_type(dbtype=JSON, nested=False):
    return MutableDict.as_mutable(dbtype)


MutableJson = mutable_json_type()
NestedMutableJson = mutable_json_type(nested=True)
MutableDict = NestedMutableDict = NestedMutableList = MutableDict
