"""The posterior of the vector hierarchy of VectorsTest, for its constants: everything but the scale tau is normal and integrated exactly, tau by quadrature.

    mu ~ Normal(0, 2)^2,  tau ~ HalfNormal(1),  z_g ~ MultivariateNormal(mu, tau L),  y_gi ~ Normal(z_g0 + x_i z_g1, 0.7)

    /root/.pyenv/versions/3.11.7/bin/python3 kiln-prob/tools/vector-hierarchy.py     (mpmath)
"""
from mpmath import mp, mpf, matrix, quad, exp, log, cholesky_solve, cholesky, inf

mp.dps = 25
X = [mpf(-1), mpf(0), mpf("1.5")]
Y = [["0.3", "0.9", "1.1"], ["-0.6", "0.2", "1.9"], ["1.4", "0.8", "-0.2"], ["0.1", "0.5", "1.6"]]
L = matrix([[1, 0], [mpf("0.5"), mpf("0.8")]])
S = L * L.T
G, n = len(Y), len(X)
y = matrix([mpf(v) for row in Y for v in row])
A = [matrix([[1, x]]) for x in X]


def parts(tau):
    """Covariance of y, of z_0 with y, and of mu with y, given tau."""
    V = matrix(G * n)
    Z = matrix(2, G * n)
    M = matrix(2, G * n)
    for g in range(G):
        for i in range(n):
            for k in range(2):
                M[k, g * n + i] = 4 * A[i][k]
                Z[k, g * n + i] = 4 * A[i][k] + (tau**2 * (S * A[i].T)[k] if g == 0 else 0)
            for h in range(G):
                for j in range(n):
                    c = 4 * (A[i] * A[j].T)[0]
                    if g == h:
                        c += tau**2 * (A[i] * S * A[j].T)[0]
                    if (g, i) == (h, j):
                        c += mpf("0.49")
                    V[g * n + i, h * n + j] = c
    return V, Z, M


def terms(tau):
    """The density of tau and y, and that times what has an expectation."""
    V, Z, M = parts(tau)
    C = cholesky(V)
    w = cholesky_solve(V, y)
    p = exp(-(y.T * w)[0] / 2 - tau**2 / 2 - sum(log(C[i, i]) for i in range(G * n)))
    z, m = Z * w, M * w
    v = 4 + tau**2 * S[1, 1] - (Z[1, :] * cholesky_solve(V, Z[1, :].T))[0]
    return [p, p * tau, p * tau**2, p * z[0], p * z[1], p * (v + z[1] ** 2), p * m[0], p * m[1]]


nodes = [mpf(0), mpf("0.25"), mpf("0.5"), mpf(1), mpf(2), mpf(6)]
cache = {}


def term(k):
    def f(t):
        if t not in cache:
            cache[t] = terms(t)
        return cache[t][k]

    return quad(f, nodes, maxdegree=5)


total = term(0)
tau, tau2, z0, z1, z11, m0, m1 = (term(k) / total for k in range(1, 8))
for name, value in [("E tau", tau), ("sd tau", (tau2 - tau**2) ** mpf("0.5")), ("E z00", z0), ("E z01", z1), ("sd z01", (z11 - z1**2) ** mpf("0.5")), ("E mu0", m0), ("E mu1", m1)]:
    print(name, mp.nstr(value, 12))
