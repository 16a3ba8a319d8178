"""Opens a run folder of Kiln with zarr and xarray and compares every site with the draws that Kiln itself wrote as text.

python3 kiln-prob/tools/open-run-folder.py RUN DRAWS

RUN is the folder of `MCMC.folder`; a line of DRAWS is the name of a site and its values, `posterior.samplesByChain(site).toDoubleArray()`, each printed as
Java prints a double. Fails unless zarr and xarray read the same bits.
"""
import sys

import numpy as np
import xarray
import zarr

run, draws = sys.argv[1:]
group = zarr.open_group(run, mode="r")["posterior"]
dataset = xarray.open_zarr(run, group="posterior", consolidated=False)
seen = set()
for line in open(draws):
    name, *values = line.split()
    expected = np.array([float(v) for v in values]).tobytes()
    assert group[name][...].tobytes() == expected, f"zarr: {name}"
    assert dataset[name].values.tobytes() == expected, f"xarray: {name}"
    assert dataset[name].dims[:2] == ("chain", "draw"), name
    seen.add(name)
    print(f"{name}: {dataset[name].shape} {dataset[name].dtype}, the same bits")
assert seen == set(group.array_keys()) == set(dataset), "other sites in the folder than in the file"
