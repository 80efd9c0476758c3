"""vrp-cli names requests by their order in the file, once for the pickup and once for the delivery: here they get their nodes."""
import re
import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0])
from instance import Instance, show  # noqa: E402

inst = Instance(sys.argv[1])
routes = []
for line in open(sys.argv[2]):
    found = re.match(r"\s*Route \d+ ?:(.*)", line)
    if not found:
        continue
    nodes, aboard = [], set()
    for job in map(int, found.group(1).split()):
        nodes.append(inst.pairs[job][job in aboard])
        aboard.add(job)
    routes.append(nodes)
show(routes)
