package kiln.infer.mcmc;

import kiln.array.Diagnosis;
import kiln.array.UserCode;

/// How the chains of a run share the processor. The draws are the same bits either way, and a run that was begun one way can be resumed the other.
///
/// Chains one after the other, NumPyro's `sequential`, are [#PARALLEL] ones on one thread: `threads(1)`.
public enum ChainMethod {
    /// A thread moves one chain at a time: the default.
    PARALLEL,

    /// A thread moves up to 16 chains at a time, and evaluates the density for up to 4 of them together, see [kiln.infer.LogDensity#lanes]. For
    /// [NUTS], [HMC], [BarkerMH] and [RandomWalkMetropolis]. It pays for models with recursions, from two chains a thread on; `docs/performance.md` says how much.
    VECTORIZED;

    /// Refuses a kernel whose chains cannot be moved this way.
    ///
    /// @throws IllegalArgumentException that names the kernel
    void require(Kernel kernel) {
        if (this == VECTORIZED && !(kernel instanceof NUTS || kernel instanceof HMC || kernel instanceof BarkerMH || kernel instanceof RandomWalkMetropolis)) {
            throw new IllegalArgumentException(new Diagnosis("chainMethod", kernel.getClass().getSimpleName() + " has no vectorized form")
                    .expected("NUTS, HMC, BarkerMH or RandomWalkMetropolis, whose chains are evaluated together")
                    .at(UserCode.line())
                    .fix("leave chainMethod(VECTORIZED) out: " + (kernel instanceof EnsembleSampler
                            ? "the chains of this kernel move together as they are."
                            : "the chains then run in parallel on threads."))
                    .message());
        }
    }
}
