"""Probabilities of the tails of Student's t distribution by mpmath, for StudentTTailsTest.

python3 kiln-prob/tools/student-t-tails.py > kiln-prob/src/test/resources/kiln/dist/student-t-tails.csv

For every number of degrees of freedom and about every probability a value, and the probability above it with 40 digits: by the
hypergeometric form of the incomplete beta function, I_x(a, b) = x^a y^b / (a B(a, b)) F(a + b, 1; a + 1; x) with x = df / (df + z^2), y = 1 - x.
"""
import mpmath as mp

mp.mp.dps = 50


def log_above(df, z):
    a, b = mp.mpf(df) / 2, mp.mpf(1) / 2
    y = z * z / (df + z * z)
    x = df / (df + z * z)
    log_beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    return a * mp.log(x) + b * mp.log(y) - log_beta - mp.log(a) + mp.log(mp.hyp2f1(a + b, 1, a + 1, x)) - mp.log(2)


for df in ["0.1", "0.7", "3", "30", "999", "1e4", "1e6", "1e8"]:
    for p in ["0.4", "0.1", "1e-3", "1e-12", "1e-50", "1e-150", "1e-300"]:
        v, target = mp.mpf(df), mp.log(mp.mpf(p))
        low, high = mp.mpf(-4), mp.mpf(8000)  # of log z
        for _ in range(70):
            middle = (low + high) / 2
            if log_above(v, mp.exp(middle)) > target:
                low = middle
            else:
                high = middle
        if low < 700:
            z = mp.mpf(float(mp.exp(low)))
            print(f"{df},{p},{mp.nstr(z, 17)},{mp.nstr(mp.exp(log_above(v, z)), 25)}", flush=True)
