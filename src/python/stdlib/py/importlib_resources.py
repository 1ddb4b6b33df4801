from pathlib import Path


def files(package):
    if not isinstance(package, str):
        package = package.__name__
    return Path(package.replace(".", "/"))


def read_text(package, resource, encoding="utf-8"):
    return (files(package) / resource).read_text(encoding)


def read_binary(package, resource):
    return (files(package) / resource).read_bytes()
