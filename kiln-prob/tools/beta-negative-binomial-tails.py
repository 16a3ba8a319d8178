"""Upper tails of beta-negative-binomial counts, by mpmath, for QuadratureMomentsTest.

python3 kiln-prob/tools/beta-negative-binomial-tails.py > kiln-prob/src/test/resources/kiln/dist/beta-negative-binomial-tails.csv

With p ~ Beta(a, b) the count is the number of successes before n failures. The probability of more than k is 1 less the sum of the masses, with 400
digits. If n is a whole number and k is large it is the probability of fewer than n failures in k + n trials, a sum of n terms. A row is: a, b, n, k,
probability of more than k.
"""
import mpmath as mp

mp.mp.dps = 400

CASES = """
0.7 6 2.5 0
0.7 6 2.5 50
0.7 6 2.5 20000
3 0.5 2 1000
0.2 1.5 0.1 40
3 0.01 5 300000
200 300 50 33
200 300 50 250
1000 50 2000 60000
1000 50 2000 200000
100000 10000 1000 14000
0.001 2 0.003 7
5 40 30 2000
2 3 0.01 100000
400 0.2 0.5 3
2.5 0.3 3 1000000000000
0.5 6 1 1000000000000000
100000 2 4 1000000000
"""


def by_masses(a, b, n, k):
    mass = mp.exp(mp.loggamma(a + b) + mp.loggamma(b + n) - mp.loggamma(b) - mp.loggamma(a + b + n))
    total = mass
    for j in range(k):
        mass *= (j + n) * (a + j) / ((j + 1) * (a + b + n + j))
        total += mass
    return 1 - total


def by_failures(a, b, n, k):
    trials = k + n
    return mp.fsum(mp.binomial(trials, j) * mp.beta(b + j, a + trials - j) / mp.beta(a, b) for j in range(n))


for line in CASES.split("\n"):
    if line:
        a, b, n = (mp.mpf(float(x)) for x in line.split()[:3])
        k = int(line.split()[3])
        want = by_masses(a, b, n, k) if k < 10**6 else by_failures(a, b, int(n), k)
        print(",".join(line.split()) + "," + mp.nstr(want, 19), flush=True)
