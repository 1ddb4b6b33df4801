"""What migrations have of airflow.configuration: nothing is configured."""


class AirflowConfigException(Exception):
    """A setting is wrong."""


class AirflowConfigParser:
    """The settings, which are what is asked for in their absence."""

    def get(self, section, key, fallback=None, **kwargs):
        """A setting."""
        return fallback

    getboolean = getint = getfloat = getjson = get


conf = AirflowConfigParser()
