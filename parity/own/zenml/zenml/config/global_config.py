"""What migrations have of the user's configuration."""

import uuid


class GlobalConfiguration:
    """The configuration of an installation, which has got an identity."""

    user_id = uuid.UUID(int=1)
    analytics_opt_in = True
    store_configuration = None
