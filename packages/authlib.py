"""Mixins of Authlib for SQLAlchemy."""

import time

import sqlalchemy as sa

__modules__ = "integrations integrations.sqla_oauth2 integrations.sqla_oauth1"


class OAuth2ClientMixin:
    client_id = sa.Column(sa.String(48), index=True)
    client_secret = sa.Column(sa.String(120))
    client_id_issued_at = sa.Column(sa.Integer, nullable=False, default=0)
    client_secret_expires_at = sa.Column(sa.Integer, nullable=False, default=0)
    _client_metadata = sa.Column("client_metadata", sa.Text)


class OAuth2AuthorizationCodeMixin:
    code = sa.Column(sa.String(120), unique=True, nullable=False)
    client_id = sa.Column(sa.String(48))
    redirect_uri = sa.Column(sa.Text, default="")
    response_type = sa.Column(sa.Text, default="")
    scope = sa.Column(sa.Text, default="")
    nonce = sa.Column(sa.Text)
    auth_time = sa.Column(sa.Integer, nullable=False, default=lambda: int(time.time()))
    acr = sa.Column(sa.Text, nullable=True)
    amr = sa.Column(sa.Text, nullable=True)
    code_challenge = sa.Column(sa.Text)
    code_challenge_method = sa.Column(sa.String(48))


class OAuth2TokenMixin:
    client_id = sa.Column(sa.String(48))
    token_type = sa.Column(sa.String(40))
    access_token = sa.Column(sa.String(255), unique=True, nullable=False)
    refresh_token = sa.Column(sa.String(255), index=True)
    scope = sa.Column(sa.Text, default="")
    issued_at = sa.Column(sa.Integer, nullable=False, default=lambda: int(time.time()))
    access_token_revoked_at = sa.Column(sa.Integer, nullable=False, default=0)
    refresh_token_revoked_at = sa.Column(sa.Integer, nullable=False, default=0)
    expires_in = sa.Column(sa.Integer, nullable=False, default=0)
