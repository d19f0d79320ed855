from connect.devops_testing.bdd.steps import *  # noqa: F401, F403
