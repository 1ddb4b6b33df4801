"""How migrations reach several databases.

Each database has a section in the ini file. `gensql` and `alembic upgrade --sql` make one script
for each; `alembic upgrade` migrates all of them, and none when one fails.
"""

import logging
import re
from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

# Whether the databases commit in two phases.
USE_TWOPHASE = False

config = context.config

if config.config_file_name is not None:
    fileConfig(config.config_file_name)
logger = logging.getLogger("alembic.env")

databases = re.split(r",\s*", config.get_main_option("databases", ""))

# What the tables of each database should look like, for `revision --autogenerate`:
#
#     target_metadata = {"engine1": models.Base1.metadata, "engine2": models.Base2.metadata}
target_metadata = {}


def run_migrations_offline() -> None:
    """Print a script for each database, each to its file."""
    for name in databases:
        output = f"{name}.sql"
        logger.info("Writing %s", output)
        with open(output, "w") as buffer:
            context.configure(
                url=config.get_section_option(name, "sqlalchemy.url"),
                output_buffer=buffer,
                target_metadata=target_metadata.get(name),
                literal_binds=True,
                dialect_opts={"paramstyle": "named"},
            )
            with context.begin_transaction():
                context.run_migrations(engine_name=name)


def run_migrations_online() -> None:
    """Run the migrations of all databases, then commit all."""
    connections = {}
    transactions = []
    try:
        for name in databases:
            engine = engine_from_config(
                config.get_section(name, {}),
                prefix="sqlalchemy.",
                poolclass=pool.NullPool,
            )
            connection = connections[name] = engine.connect()
            begin = connection.begin_twophase if USE_TWOPHASE else connection.begin
            transactions.append(begin())
        for name, connection in connections.items():
            logger.info("Migrating %s", name)
            context.configure(
                connection=connection,
                upgrade_token=f"{name}_upgrades",
                downgrade_token=f"{name}_downgrades",
                target_metadata=target_metadata.get(name),
            )
            context.run_migrations(engine_name=name)
        if USE_TWOPHASE:
            for transaction in transactions:
                transaction.prepare()
        for transaction in transactions:
            transaction.commit()
    except BaseException:
        for transaction in transactions:
            transaction.rollback()
        raise
    finally:
        for connection in connections.values():
            connection.close()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
