package kiln.infer.mcmc;

/// How a trajectory gets from one of its points to the next: by a leapfrog step ([PlainSteps]), or by as many as the place needs
/// ([AdaptiveSteps]).
///
/// Reversible: whether there is a next point, and which, is the same seen from the other end.
sealed interface Integrator permits PlainSteps, AdaptiveSteps {
    /// Computes the next point.
    ///
    /// @param eps  time to the next point; negative backwards
    /// @param from a point of the trajectory
    /// @param to   another point, whose contents are replaced
    /// @return whether the trajectory can go on there
    boolean step(Metric metric, double eps, PhasePoint from, PhasePoint to);

    /// {@return the number of gradients of the last step}
    int gradients();

    /// {@return how good the last step was, in [0, 1]: what the step size is adapted by}
    ///
    /// @param weight `min(1, exp(H₀ − H))` of the point reached, with the energy `H₀` where the trajectory began; 0 without one
    double acceptance(double weight);

    /// {@return whether the last step failed because no number of steps was enough}
    boolean diverging();
}
