"""Makes a pose model bundle without the person's mask: the same landmarks for less work.

    pip install ai-edge-litert
    python benchmarks/cut_masks.py models/pose_landmarker_full.task models/pose_landmarker_full_nomask.task

The landmark network computes a mask of the person whether it is asked for or not. Here that output is replaced by a
constant, and the operators that fed only it, and their weights, are left out; every other operator and weight is
unchanged. The same bundle gives the same bytes each time (made with ai-edge-litert 2.3.0 and flatbuffers 25.12.19).
"""

import sys
import zipfile
from pathlib import Path

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

NETWORK = "pose_landmarks_detector.tflite"
MASK = (1, 256, 256, 1)  # the output that is the mask, told by its shape
NEVER = (1980, 1, 1, 0, 0, 0)  # the oldest time a zip can state


def main(source, target):
    with zipfile.ZipFile(source) as bundle:
        members = {name: bundle.read(name) for name in bundle.namelist()}
    before = len(members[NETWORK])
    members[NETWORK] = without_mask(members[NETWORK])
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:  # MediaPipe reads stored members only
        for name, data in members.items():
            member = zipfile.ZipInfo(name, NEVER)
            member.create_system = 3  # the same bytes on every system
            bundle.writestr(member, data)
    print(f"{target}: network {before:,} -> {len(members[NETWORK]):,} bytes, bundle {target.stat().st_size:,} bytes")


def without_mask(network):
    """The bytes of the landmark network with a constant in place of the mask."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(network, 0))
    (graph,) = model.subgraphs
    (mask,) = (i for i in graph.outputs if tuple(graph.tensors[i].shape) == MASK)
    needed = feeding(graph, [i for i in graph.outputs if i != mask])
    graph.operators = [operator for k, operator in enumerate(graph.operators) if k in needed]
    graph.tensors[mask].shape = np.ones(4, np.int32)
    graph.tensors[mask].buffer = len(model.buffers)
    model.buffers.append(constant(0.0))
    drop_unused(model, graph)
    builder = flatbuffers.Builder(len(network))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def feeding(graph, outputs):
    """Numbers of the operators that these tensors come from."""
    maker = {tensor: k for k, operator in enumerate(graph.operators) for tensor in operator.outputs}
    needed, wanted = set(), list(outputs)
    while wanted:
        k = maker.get(wanted.pop())
        if k is not None and k not in needed:
            needed.add(k)
            wanted += graph.operators[k].inputs.tolist()
    return needed


def constant(value):
    buffer = schema.BufferT()
    buffer.data = np.frombuffer(np.float32(value).tobytes(), np.uint8)
    return buffer


def drop_unused(model, graph):
    """Leaves out tensors that no operator touches and buffers that no tensor holds, and numbers the rest anew."""
    touched = {int(i) for operator in graph.operators for i in (*operator.inputs, *operator.outputs) if i >= 0}
    kept = sorted(touched | {int(i) for i in (*graph.inputs, *graph.outputs)})
    place = {old: new for new, old in enumerate(kept)} | {-1: -1}  # -1: an operator's input that is not given
    graph.tensors = [graph.tensors[i] for i in kept]
    for part in (graph, *graph.operators):
        part.inputs, part.outputs = ([place[int(i)] for i in side] for side in (part.inputs, part.outputs))
    held = {0, *(tensor.buffer for tensor in graph.tensors), *(entry.buffer for entry in model.metadata)}
    place = {old: new for new, old in enumerate(sorted(held))}
    model.buffers = [model.buffers[i] for i in sorted(held)]
    for holder in (*graph.tensors, *model.metadata):
        holder.buffer = place[holder.buffer]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
