"""Maps the top-level ``rules/`` folder to the import package ``datalint_rules``; everything else is in pyproject.toml."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["datalint", "datalint.*"]), "datalint_rules"],
    package_dir={"datalint_rules": "rules"},
    package_data={
        "datalint": ["py.typed"],
        "datalint.templating": ["families.toml", "families/*.jinja"],
        "datalint_rules": ["**/*.toml", "**/*.py"],
    },
)
