"""The files for Slurm and Kubernetes, as far as they can be checked without such a cluster."""

import subprocess
import sys
from importlib.metadata import files

import jsonschema
import pytest
import yaml


def test_slurm_gets_a_script_that_starts_our_workers(project):
    done = subprocess.run([sys.executable, project / "cluster" / "slurm.py", "--show", "--queue",
                           "long", "--hours", "3"], capture_output=True, text=True, check=True)
    lines = done.stdout.split("\n")
    assert {"#SBATCH -p long", "#SBATCH -t 03:00:00", "#SBATCH --cpus-per-task=2"} <= set(lines)
    (worker,) = [line for line in lines if "dask_worker" in line]
    assert worker.startswith(f"{sys.executable} -m ")
    assert "--nthreads 1 " in worker and "--nworkers 2 " in worker


def test_kubernetes_file_is_what_the_dask_operator_describes(project):
    pytest.importorskip("dask_kubernetes")
    (path,) = [path for path in files("dask-kubernetes")
               if path.match("deployment/helm/*/crds/daskcluster.yaml")]
    (version,) = yaml.safe_load(path.read_text())["spec"]["versions"]
    schema = version["schema"]["openAPIV3Schema"]
    resource = yaml.safe_load((project / "cluster" / "kubernetes.yaml").read_text())
    jsonschema.Draft4Validator(schema).validate(resource)
    assert unknown(resource["spec"], schema["properties"]["spec"]) == []


def unknown(value, schema, place="spec") -> list[str]:
    """Fields that the schema does not have: Kubernetes would drop them without a word."""
    if isinstance(value, list):
        return [name for item in value for name in unknown(item, schema["items"], place)]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    known = schema["properties"]
    return [name for key, item in value.items() for name in (
        unknown(item, known[key], f"{place}.{key}") if key in known else [f"{place}.{key}"])]
