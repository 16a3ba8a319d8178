"""Distributions of one number at extreme parameters and far in their tails by mpmath, for ExtremeValuesTest.

python3 kiln-prob/tools/extreme-values.py > kiln-prob/src/test/resources/kiln/dist/extremes.csv

Densities and distribution functions are written out here, with 60 digits or more; the incomplete gamma and beta functions are integrals of
their densities from the side of the mean on which the value lies. A row is: distribution, parameters, what, argument, value, and its condition
number: what the value moves when each of parameters and argument moves by its own size. Quantiles are those of the double nearest to the
smaller one of the two probabilities of the argument; for counts, of one half of its mass further in, where the quantile is the count itself.
"""
import sys
import mpmath as mp

mp.mp.dps = 60
log, exp, lgamma = mp.log, mp.exp, mp.loggamma
INF = mp.inf


def lbeta(a, b):
    return lgamma(a) + lgamma(b) - lgamma(a + b)


PANELS = [mp.mpf(0)] + [mp.mpf(2) ** k for k in (-60, -40, -30, -24, -18, -14, -10, -8, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7)]


def outwards(log_density, width):
    """The integral over all r > 0 of e^log_density, which is 0 at 0 and falls in units of the width."""
    with mp.workdps(32):
        return width * mp.quad(lambda r: exp(log_density(r * width)), PANELS)


def gamma_tails(a, x):
    """P and Q"""
    front = a * log(x) - x - lgamma(a)
    if x <= max(a, 1):
        p = exp(front) / a * outwards(lambda r: -r - x * mp.expm1(-r / a), min(max(1, mp.sqrt(a)), 1 / (1 - x / a) if x < a else INF))
        return p, 1 - p
    q = exp(front) / x * outwards(lambda r: -r + (a - 1) * mp.log1p(r / x), min(max(1, mp.sqrt(a)), 1 / (1 - (a - 1) / x)) if a > 1 else 1)
    return 1 - q, q


def beta_tails(a, b, x):
    """I and 1 - I"""
    y = 1 - x
    if x > a / (a + b):
        q, p = beta_tails(b, a, y)
        return p, q
    slope = 1 - (b - 1) * x / y / a
    width = min(max(1, mp.sqrt(a)), 1 / slope if slope > 0 else INF) if b > 1 else 1
    front = a * log(x) + b * log(y) - lbeta(a, b) - log(a) - log(y)
    p = exp(front) * outwards(lambda r: -r + (b - 1) * log((1 - x * exp(-r / a)) / y), width)
    return p, 1 - p


def both(p, q):
    return lambda *v: (p(*v), q(*v))


def upper(z):
    return mp.erfc(z / mp.sqrt(2)) / 2


def student_tails(v, z):
    half = beta_tails(v / 2, mp.mpf(1) / 2, v / (v + z * z))[0] / 2
    return (half, 1 - half) if z < 0 else (1 - half, half)


def cauchy_tail(z):
    return mp.atan(1 / z) / mp.pi if z > 0 else 1 - mp.atan(-1 / z) / mp.pi if z < 0 else mp.mpf(1) / 2


def asymmetric_tails(loc, s, k, x):
    left, right = s * k, s / k
    return (left * exp((x - loc) / left) / (left + right), 1 - left * exp((x - loc) / left) / (left + right)) if x < loc else (
        1 - right * exp((loc - x) / right) / (left + right), right * exp((loc - x) / right) / (left + right))


def choose(n, k):
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def negative_binomial(n, p, q, k):
    return lgamma(n + k) - lgamma(n) - lgamma(k + 1) + n * log(q) + k * log(p)


def sigmoid(t):
    return 1 / (1 + exp(-t))


# name: log density, both probabilities (or None), both of parameters and argument
DISTRIBUTIONS = {
    "Normal": (lambda m, s, x: -((x - m) / s) ** 2 / 2 - log(s) - log(2 * mp.pi) / 2, both(lambda m, s, x: upper((m - x) / s), lambda m, s, x: upper((x - m) / s))),
    "LogNormal": (lambda m, s, x: -((log(x) - m) / s) ** 2 / 2 - log(s * x) - log(2 * mp.pi) / 2, both(lambda m, s, x: upper((m - log(x)) / s), lambda m, s, x: upper((log(x) - m) / s))),
    "HalfNormal": (lambda s, x: -((x / s) ** 2) / 2 - log(s) + log(2 / mp.pi) / 2, both(lambda s, x: mp.erf(x / s / mp.sqrt(2)), lambda s, x: mp.erfc(x / s / mp.sqrt(2)))),
    "Cauchy": (lambda m, s, x: -log(mp.pi * s) - mp.log1p(((x - m) / s) ** 2), both(lambda m, s, x: cauchy_tail((m - x) / s), lambda m, s, x: cauchy_tail((x - m) / s))),
    "HalfCauchy": (lambda s, x: log(2 / mp.pi / s) - mp.log1p((x / s) ** 2), both(lambda s, x: 2 * mp.atan(x / s) / mp.pi, lambda s, x: 2 * mp.atan(s / x) / mp.pi)),
    "Laplace": (lambda m, s, x: -abs(x - m) / s - log(2 * s), both(lambda m, s, x: exp((x - m) / s) / 2 if x < m else 1 - exp((m - x) / s) / 2, lambda m, s, x: exp((m - x) / s) / 2 if x > m else 1 - exp((x - m) / s) / 2)),
    "AsymmetricLaplace": (lambda m, s, k, x: ((x - m) / s / k if x < m else (m - x) / s * k) - log(s * (k + 1 / k)), asymmetric_tails),
    "SoftLaplace": (lambda m, s, x: log(2 / mp.pi / s) - log(exp((x - m) / s) + exp((m - x) / s)), both(lambda m, s, x: 2 * mp.atan(exp((x - m) / s)) / mp.pi, lambda m, s, x: 2 * mp.atan(exp((m - x) / s)) / mp.pi)),
    "Logistic": (lambda m, s, x: -(x - m) / s - 2 * log(1 + exp((m - x) / s)) - log(s), both(lambda m, s, x: sigmoid((x - m) / s), lambda m, s, x: sigmoid((m - x) / s))),
    "Gumbel": (lambda m, s, x: -(x - m) / s - exp((m - x) / s) - log(s), both(lambda m, s, x: exp(-exp((m - x) / s)), lambda m, s, x: -mp.expm1(-exp((m - x) / s)))),
    "Exponential": (lambda r, x: log(r) - r * x, both(lambda r, x: -mp.expm1(-r * x), lambda r, x: exp(-r * x))),
    "Gamma": (lambda a, b, x: a * log(b * x) - log(x) - b * x - lgamma(a), lambda a, b, x: gamma_tails(a, b * x)),
    "InverseGamma": (lambda a, b, x: a * log(b / x) - log(x) - b / x - lgamma(a), lambda a, b, x: gamma_tails(a, b / x)[::-1]),
    "Chi2": (lambda v, x: v / 2 * log(x / 2) - log(x) - x / 2 - lgamma(v / 2), lambda v, x: gamma_tails(v / 2, x / 2)),
    "Beta": (lambda a, b, x: (a - 1) * log(x) + (b - 1) * mp.log1p(-x) - lbeta(a, b), beta_tails),
    "StudentT": (lambda v, m, s, x: -(v + 1) / 2 * mp.log1p(((x - m) / s) ** 2 / v) - log(s) - lbeta(v / 2, mp.mpf(1) / 2) - log(v) / 2, lambda v, m, s, x: student_tails(v, (x - m) / s)),
    "Weibull": (lambda s, k, x: log(k / s) + (k - 1) * log(x / s) - (x / s) ** k, both(lambda s, k, x: -mp.expm1(-((x / s) ** k)), lambda s, k, x: exp(-((x / s) ** k)))),
    "Pareto": (lambda s, a, x: log(a) + a * log(s / x) - log(x), both(lambda s, a, x: -mp.expm1(a * log(s / x)), lambda s, a, x: (s / x) ** a)),
    "Levy": (lambda m, s, x: log(s / 2 / mp.pi) / 2 - s / (x - m) / 2 - log(x - m) * 3 / 2, both(lambda m, s, x: mp.erfc(mp.sqrt(s / (x - m) / 2)), lambda m, s, x: mp.erf(mp.sqrt(s / (x - m) / 2)))),
    "Kumaraswamy": (lambda a, b, x: log(a * b) + (a - 1) * log(x) + (b - 1) * mp.log1p(-(x**a)), both(lambda a, b, x: -mp.expm1(b * mp.log1p(-(x**a))), lambda a, b, x: exp(b * mp.log1p(-(x**a))))),
    "Gompertz": (lambda c, r, x: log(c * r) + r * x - c * mp.expm1(r * x), both(lambda c, r, x: -mp.expm1(-c * mp.expm1(r * x)), lambda c, r, x: exp(-c * mp.expm1(r * x)))),
    "LogUniform": (lambda l, h, x: -log(x) - log(log(h / l)), both(lambda l, h, x: log(x / l) / log(h / l), lambda l, h, x: log(h / x) / log(h / l))),
    "Dagum": (lambda p, a, b, x: log(a * p / x) + a * p * log(x / b) - (p + 1) * mp.log1p((x / b) ** a), both(lambda p, a, b, x: exp(-p * mp.log1p((x / b) ** -a)), lambda p, a, b, x: -mp.expm1(-p * mp.log1p((x / b) ** -a)))),
    "Poisson": (lambda r, k: k * log(r) - r - lgamma(k + 1), lambda r, k: gamma_tails(k + 1, r)[::-1]),
    "NegativeBinomial": (lambda n, p, k: negative_binomial(n, p, 1 - p, k), lambda n, p, k: beta_tails(k + 1, n, p)[::-1]),
    "NegativeBinomial2": (lambda m, c, k: negative_binomial(c, m / (c + m), c / (c + m), k), lambda m, c, k: beta_tails(k + 1, c, m / (c + m))[::-1]),
    "NegativeBinomialLogits": (lambda n, t, k: negative_binomial(n, sigmoid(t), sigmoid(-t), k), lambda n, t, k: beta_tails(k + 1, n, sigmoid(t))[::-1]),
    "GammaPoisson": (lambda a, r, k: negative_binomial(a, 1 / (1 + r), r / (1 + r), k), lambda a, r, k: beta_tails(k + 1, a, 1 / (1 + r))[::-1]),
    "Binomial": (lambda n, p, k: choose(n, k) + k * log(p) + (n - k) * mp.log1p(-p), lambda n, p, k: beta_tails(k + 1, n - k, p)[::-1]),
    "BinomialLogits": (lambda n, t, k: choose(n, k) + k * t - n * mp.log1p(exp(t)), None),
    "BernoulliLogits": (lambda t, k: k * t - mp.log1p(exp(t)), None),
    "Geometric": (lambda p, k: k * mp.log1p(-p) + log(p), both(lambda p, k: -mp.expm1((k + 1) * mp.log1p(-p)), lambda p, k: exp((k + 1) * mp.log1p(-p)))),
    "BetaBinomial": (lambda a, b, n, k: choose(n, k) + lbeta(k + a, n - k + b) - lbeta(a, b), None),
    "BetaNegativeBinomial": (lambda a, b, n, k: lgamma(n + k) - lgamma(n) - lgamma(k + 1) + lbeta(a + k, b + n) - lbeta(a, b), None),
}

COUNTS = {"Poisson", "NegativeBinomial", "NegativeBinomial2", "NegativeBinomialLogits", "GammaPoisson", "Binomial", "BinomialLogits", "BernoulliLogits", "Geometric", "BetaBinomial", "BetaNegativeBinomial"}

CASES = [line.split(":") for line in """
Normal 0 1e-100:-3.7e-99 1e-101 2e-100
Normal 1e8 1e100:-3.6e101 0 2e101
Normal 0 1:-37 -1e-9 12
LogNormal 0 1e-3:0.97 1.0005 1.03
LogNormal -300 20:1e-300 1e-120 1
LogNormal 100 1e-6:2.6881171418161356e43
HalfNormal 1e-100:1e-120 3e-99
HalfNormal 1e100:1e90 2e101
Cauchy 0 1e-100:-1e150 -1e-101 1e-98
Cauchy 3 1e100:-1e250 1 1e101
HalfCauchy 1e-100:1e-130 1e100
HalfCauchy 1e100:1e-10 1e250
Laplace 0 1e-100:-6e-98 1e-120 3e-99
Laplace 0 1e100:-6e102 1e50 3e101
AsymmetricLaplace 0 1e-50 1e-3:-1e-51 3e-46 1e-52
AsymmetricLaplace 0 1e50 1e3:-5e54 1e48
SoftLaplace 0 1e-100:-6e-98 1e-120 3e-99
SoftLaplace 0 1e100:-1e102 6e102
Logistic 0 1e-100:-6e-98 1e-120 3e-99
Logistic 0 1e100:-6e102 1e50 3e101
Gumbel 0 1e-100:-6e-100 1e-102 6e-98
Gumbel 0 1e100:-6e100 1e70 6e102
Exponential 1e-100:1e-150 1e100 6e102
Exponential 1e100:1e-300 1e-100 6e-98
Gamma 0.001 2:1e-300 1e-8 0.5 30
Gamma 1e-8 2:1e-300 0.5 30
Gamma 1e4 3:2000 3300 3334 3500
Gamma 1e6 1e-3:9.7e8 1e9 1.004e9
Gamma 2 1e150:1e-300 2e-150 5e-148
Gamma 2 1e-150:1e20 2e150 5e152
InverseGamma 0.001 2:0.05 1 1e12 1e300
InverseGamma 1e4 3:2.7e-4 3.01e-4 3.5e-4
InverseGamma 1e6 1e-3:9.97e-10 1e-9 1.03e-9
InverseGamma 2 1e150:2e147 1e150 1e200
Chi2 0.002:1e-300 0.1 50
Chi2 2e5:1.9e5 2e5 2.1e5
Beta 0.001 0.001:1e-300 0.01 0.5 0.999
Beta 0.001 50:1e-200 0.001 0.3
Beta 1e4 1e4:0.47 0.4999 0.53
Beta 1e6 0.5:0.9998 0.9999995
Beta 1e6 3e6:0.245 0.25 0.251
Beta 30 0.001:0.5 0.99
StudentT 0.01 0 1:-1e150 0.3 1e250
StudentT 3 0 1e-100:-1e-80 1e-101 1e-60
StudentT 3 0 1e100:-1e180 1e99
StudentT 1e6 0 1:-26 0.5 6
StudentT 1e8 0 1:-30 1e-5 3
StudentT 1e11 0 1:-30 0.5 3
Weibull 1e100 0.01:1e-100 1e100 1e300
Weibull 1e-100 1e3:5e-101 1e-100 1.005e-100
Weibull 2 1e4:1.9 2.0001
Pareto 1e-100 1e-3:1.5e-100 1e200
Pareto 1e100 1e4:1.00001e100 1.06e100
Levy 0 1e-100:1e-103 1e-100 1e100
Levy 0 1e100:1e98 1e200
Kumaraswamy 1e-3 2:1e-250 0.5 0.999
Kumaraswamy 3 1e5:1e-90 0.02 0.15
Kumaraswamy 1e4 1e-3:0.999 0.99999
Gompertz 1e-100 2:1 100 118
Gompertz 1e3 1e-100:1e80 6e99
LogUniform 1e-300 1e300:1e-299 1 1e299
Dagum 1e-3 2 1e100:1e-100 1e100 1e200
Dagum 1e4 3 1e-50:3e-50 2e-49 1e-20
Poisson 1e8:99960000 100000000 100050000
Poisson 1e-10:0 1 3
Poisson 1e4:7000 10000 12000
NegativeBinomial 1e-3 0.999:0 1 500 20000
NegativeBinomial 1e6 1e-6:0 1 20
NegativeBinomial 1e4 0.5:8000 10000 12000
NegativeBinomial 3 0.99999999:1000 300000000 3000000000
NegativeBinomial2 1e8 3:1000 100000000 1000000000
NegativeBinomial2 1e8 1e8:99900000 100000000 100100000
NegativeBinomial2 5 1e8:0 5 60
NegativeBinomial2 1e-6 1e-3:0 1 50
NegativeBinomialLogits 3 18:1000 300000000
NegativeBinomialLogits 1e4 -9:0 1 30
GammaPoisson 1e-3 1e-8:0 3 100000000
GammaPoisson 1e6 2e6:300000 500000 520000
Binomial 100000000 0.3:29900000 30000000 30020000
Binomial 100000000 1e-8:0 1 15
Binomial 1000000 0.999999:999998 1000000
Binomial 1000 1e-300:0 1
BinomialLogits 100000000 -0.5:37700000 37754067 37800000
BinomialLogits 1000 40:999 1000
BinomialLogits 1000 -40:0 1
BernoulliLogits 40:0 1
BernoulliLogits -40:0 1
BernoulliLogits 700:0 1
Geometric 1e-8:0 100000000 10000000000
Geometric 0.99999999:0 1 30
BetaBinomial 1e-3 1e-3 1000:0 500 1000
BetaBinomial 1e6 2e6 100000000:33300000 33333333
BetaBinomial 1e4 1e4 1000:400 500
BetaNegativeBinomial 1e-3 2 5:0 10 100000000
BetaNegativeBinomial 1e6 1e6 1e4:9000 10000
""".strip().splitlines()]

# What is no parameter to differentiate by.
WHOLE = {("Binomial", 0), ("BinomialLogits", 0), ("BetaBinomial", 2)}


def moved(f, v, i, h):
    """The derivative of f by the logarithm of its i-th argument."""
    if v[i] == 0:
        return mp.mpf(0)
    up, down = list(v), list(v)
    up[i], down[i] = v[i] * (1 + h), v[i] * (1 - h)
    return (f(*up) - f(*down)) / (2 * h)


def condition(f, v, h=mp.mpf(10) ** -7):
    return sum(abs(moved(f, v, i, h)) for i in range(len(v)))


def row(name, params, what, x, value, kappa):
    if mp.isfinite(value) and (value == 0 or 1e-305 < abs(value) < 1e305):
        print(f"{name},{params},{what},{x},{mp.nstr(value, 20)},{mp.nstr(kappa, 4)}", flush=True)


def slope(density, i):
    def f(*v):
        with mp.workdps(700):
            if v[i] == 0:
                h = mp.mpf(10) ** -250
                up, down = list(v), list(v)
                up[i], down[i] = h, -h
                return (density(*up) - density(*down)) / (2 * h)
            return moved(density, v, i, mp.mpf(10) ** -150) / v[i]

    return f


part, parts = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (0, 1)
for case, (head, tail) in enumerate(CASES):
    if case % parts != part:
        continue
    name, *words = head.split(" ")
    params = " ".join(words)
    p = [mp.mpf(float(w)) for w in words]
    density, tails = DISTRIBUTIONS[name]
    for x in tail.split(" "):
        v = p + [mp.mpf(float(x))]
        with mp.workdps(700 if name in ("Cauchy", "StudentT", "HalfCauchy") and abs(float(x)) > 1e30 else 60):
            value = density(*v)
            row(name, params, "logProb", x, value, condition(density, v))
        for i in range(len(v)):
            if v[i] != 0 and (name, i) not in WHOLE and not (i == len(p) and name in COUNTS):
                s = slope(density, i)
                what = f"d{i}" if i < len(p) else "dvalue"
                row(name, params, what, x, s(*v), condition(s, v))
        if tails is None or name == "Binomial" and v[-1] >= p[0]:
            continue
        low, high = tails(*v)
        row(name, params, "cdf", x, low, condition(lambda *w: tails(*w)[0], v if name not in COUNTS else v))
        row(name, params, "sf", x, high, condition(lambda *w: tails(*w)[1], v))
        side = 0 if low <= high else 1
        q = mp.mpf(float(min(low, high)))
        if not 1e-300 < q:
            continue
        height = exp(density(*v))
        if name in COUNTS:
            inner = min(low, high) + (-1 if side == 0 else 1) * height / 2
            row(name, params, "icdf" if side == 0 else "isf", repr(float(inner)), v[-1], 0)
            continue
        found = v[-1] + (q - min(low, high)) / height * (1 if side == 0 else -1)
        kappa = (sum(abs(moved(lambda *w: tails(*w)[side], v, i, mp.mpf(10) ** -7)) for i in range(len(p))) + q) / height
        row(name, params, "icdf" if side == 0 else "isf", repr(float(q)), found, kappa)
