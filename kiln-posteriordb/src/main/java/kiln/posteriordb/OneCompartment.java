package kiln.posteriordb;

import static kiln.array.Index.*;
import static kiln.array.Np.*;
import static kiln.model.Primitives.*;

import java.util.List;
import kiln.array.NDArray;
import kiln.dist.HalfCauchy;
import kiln.dist.LogNormal;
import kiln.func.Ode;
import kiln.func.Ode.Accuracy;
import kiln.model.Model;

/// Concentration of a drug after an oral dose: one compartment, absorption of first order, Michaelis–Menten elimination.
///
/// ```
/// dC/dt = (D k_a / V) e^(−k_a t) − (V_m / V) C / (K_m + C),   C(0) = 0,   C_hat[n] ~ LogNormal(log C(t[n]), sigma)
/// ```
final class OneCompartment {
    private OneCompartment() {}

    static Model of(Data data) {
        NDArray observed = data.get("C_hat");
        NDArray times = concatenate(List.of(expandDims(data.get("t0"), 0), data.get("times")), 0);
        NDArray dose = data.get("D");
        NDArray volume = data.get("V");
        return () -> {
            NDArray absorption = sample("k_a", new HalfCauchy(1));
            NDArray halfSaturation = sample("K_m", new HalfCauchy(1));
            NDArray maximum = sample("V_m", new HalfCauchy(1));
            NDArray sigma = sample("sigma", new HalfCauchy(1));
            Ode.RightHandSide equation = (amount, t) -> {
                NDArray absorbed = dose.times(absorption).div(volume).times(exp(absorption.times(t).unaryMinus()));
                NDArray eliminated = maximum.div(volume).times(amount).div(halfSaturation.plus(amount));
                return absorbed.minus(eliminated);
            };
            NDArray c = Ode.odeint(equation, scalar(0.0), times, new Accuracy(1e-10, 1e-10, 10_000));
            try (var _ = plate("time", observed.size())) {
                sample("C_hat", new LogNormal(log(c.get(slice(1, null))), sigma), observed);
            }
        };
    }
}
