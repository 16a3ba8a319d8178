"""Derivatives of Student's t distribution function by its degrees of freedom, by mpmath, for StudentTTailsTest.

python3 kiln-prob/tools/student-t-slopes.py > kiln-prob/src/test/resources/kiln/dist/student-t-slopes.csv

Integrals of the density times the derivative of its logarithm, from the side on which that keeps its sign, with 50 digits. A row is: degrees
of freedom, value, derivative of the probability above it.
"""
import csv

import mpmath as mp

mp.mp.dps = 50


def student(df, z):
    """d P(T > z) / d df"""
    v = mp.mpf(df)
    log_c = mp.loggamma((v + 1) / 2) - mp.loggamma(v / 2) - mp.log(v * mp.pi) / 2
    step = mp.psi(0, (v + 1) / 2) - mp.psi(0, v / 2) - 1 / v

    def score(q):
        return (step - q + (1 + 1 / v) * (1 - mp.exp(-q))) / 2

    q0 = mp.log1p(z * z / v)
    if score(q0) < 0:
        # t = sqrt(v (e^q - 1)), p dt = c e^(-v q / 2) sqrt(v) / (2 sqrt(1 - e^-q)) dq, q = q0 + 2 r / v
        points = [0, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 400]
        inner = mp.quad(lambda r: mp.exp(-r) * score(q0 + 2 * r / v) / mp.sqrt(-mp.expm1(-q0 - 2 * r / v)), points)
        return mp.exp(log_c - v * q0 / 2) / mp.sqrt(v) * inner
    return -mp.quad(lambda t: mp.exp(log_c - (v + 1) / 2 * mp.log1p(t * t / v)) * score(mp.log1p(t * t / v)), [0, z / 2, z])


for line in csv.reader(open("kiln-prob/src/test/resources/kiln/dist/student-t-tails.csv")):
    df, z = line[0], mp.mpf(line[2])
    if z > 1e308:
        continue
    print(f"{df},{line[2]},{mp.nstr(student(df, mp.mpf(float(line[2]))), 20)}", flush=True)
    if line[1] == "0.4":
        for fraction in ["1e-6", "0.3"]:
            at = mp.mpf(float(z * mp.mpf(fraction)))
            print(f"{df},{mp.nstr(at, 17)},{mp.nstr(student(df, at), 20)}", flush=True)

# Next to 0, where the square of the value is no double: a line.
for df, z in ((3, 1e-99), (3, 1e-101), (0.7, 1e-300), (30, 1e-200)):
    v, at = mp.mpf(df), mp.mpf(z)
    height = mp.exp(mp.loggamma((v + 1) / 2) - mp.loggamma(v / 2) - mp.log(v * mp.pi) / 2)
    step = mp.psi(0, (v + 1) / 2) - mp.psi(0, v / 2) - 1 / v
    print(f"{df},{mp.nstr(at, 17)},{mp.nstr(-at * height * step / 2, 20)}", flush=True)
