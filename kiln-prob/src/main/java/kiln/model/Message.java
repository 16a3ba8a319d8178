package kiln.model;

import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.dist.Distribution;
import kiln.dist.constraint.Constraint;
import org.jspecify.annotations.Nullable;

/// A statement of a model on its way through the handlers; an immutable record that handlers copy with changes.
///
/// Once it has come back it is a *site*: it has a value, and a [Trace] keeps it.
public sealed interface Message {
    /// {@return the name of the site}
    String name();

    /// {@return the value, null as long as nobody has given one}
    @Nullable NDArray value();

    /// {@return the plates around the statement, the innermost first}
    List<PlateFrame> plates();

    /// {@return whether handlers further out do not see it}
    boolean isStopped();

    /// {@return the user's line that made the statement}
    Optional<StackFrame> origin();

    /// {@return a copy with a value}
    Message withValue(NDArray value);

    /// {@return a copy with another name}
    Message withName(String name);

    /// {@return a copy inside other plates}
    ///
    /// @param plates the innermost first
    Message withPlates(List<PlateFrame> plates);

    /// {@return a copy inside one more plate, further out than those it has}
    default Message withPlate(PlateFrame plate) {
        return withPlates(and(plates(), plate));
    }

    /// {@return a copy that handlers further out do not see}
    Message withStopped();

    /// {@return the statement as it stands in a program: `sample("mu")`}
    String label();

    /// {@return whether it has a name and a value, so that handlers can change it and a trace keeps it}
    default boolean isSite() {
        return true;
    }

    /// {@return whether something is to be drawn for it and no key is given yet}
    default boolean needsKey() {
        return false;
    }

    /// {@return a copy that is drawn with a key, if it [needs][#needsKey] one}
    default Message withKey(PRNGKey key) {
        return this;
    }

    /// {@return the value of a site}
    ///
    /// @throws NullPointerException if the message has not been carried out yet
    default NDArray requireValue() {
        return Objects.requireNonNull(value(), () -> label() + " has no value yet");
    }

    /// {@return where the statement stands, for messages: `in plate data[50], Regression.java:12`}
    default String place() {
        String line = origin().map(UserCode::describe).orElse("");
        if (plates().isEmpty()) {
            return line;
        }
        return "in " + plateNames(plates()) + (line.isEmpty() ? "" : ", " + line);
    }

    /// {@return plates as messages write them: `plates school[8], data[50]`, the innermost first}
    static String plateNames(List<PlateFrame> plates) {
        return (plates.size() == 1 ? "plate " : "plates ")
                + plates.stream().map(PlateFrame::toString).collect(Collectors.joining(", "));
    }

    private static List<PlateFrame> and(List<PlateFrame> plates, PlateFrame plate) {
        var all = new ArrayList<>(plates);
        all.add(plate);
        return List.copyOf(all);
    }

    /// A random variable, observed or not.
    ///
    /// @param name         name of the site
    /// @param distribution what it is distributed as, expanded to the plates seen so far
    /// @param value        its value, null as long as nobody has given one
    /// @param isObserved   whether the value is data
    /// @param key          source of the draw, null as long as nobody has given one
    /// @param scale        factor of its log density, from plates and `scale`; > 0; broadcasts to the batch
    /// @param mask         where its log density counts, from `mask`; null is everywhere; broadcasts to the batch
    /// @param infer        what algorithms are told about it
    /// @param plates       plates around it, the innermost first
    /// @param isStopped    whether handlers further out do not see it
    /// @param origin       the user's line
    record Sample(
            String name,
            Distribution distribution,
            @Nullable NDArray value,
            boolean isObserved,
            @Nullable PRNGKey key,
            NDArray scale,
            @Nullable NDArray mask,
            Infer infer,
            List<PlateFrame> plates,
            boolean isStopped,
            Optional<StackFrame> origin)
            implements Message {
        /// The scale of a site that nobody scales.
        public static final NDArray ONE = NDArray.as(1);

        /// {@return the log density of the value, masked and scaled, `sample + batch`}
        public NDArray logProb() {
            NDArray density = maskedLogProb();
            return scale == ONE ? density : density.times(scale);
        }

        /// {@return the log density of the value, masked but not scaled, `sample + batch`}
        public NDArray maskedLogProb() {
            if (mask != null && isSeries()) {
                // The steps computed their densities already.
                return Np.where(mask, distribution.logProb(requireValue()), 0.0);
            }
            return (mask == null ? distribution : distribution.mask(mask)).logProb(requireValue());
        }

        /// {@return whether it is a site of all steps of a scan, which has its values already}
        public boolean isSeries() {
            return distribution instanceof SeriesDistribution;
        }

        /// {@return where the density counts by the masks around the site, those inside a scan included; null is everywhere}
        public @Nullable NDArray wholeMask() {
            NDArray inside = distribution instanceof SeriesDistribution d ? d.mask() : null;
            return mask == null || inside == null ? (mask == null ? inside : mask) : Np.logicalAnd(mask, inside);
        }

        /// {@return the class of the distribution without what only repeats or masks it: `Normal`}
        public String distributionName() {
            return Sites.title(distribution);
        }

        /// {@return a further log density of this site, such as that of a change of variables, masked and scaled as its own}
        ///
        /// @param density `sample + batch`
        public NDArray weighted(NDArray density) {
            NDArray inside = distribution instanceof SeriesDistribution d ? d.weighted(density) : density;
            NDArray kept = mask == null ? inside : Np.where(mask, inside, 0.0);
            return scale == ONE ? kept : kept.times(scale);
        }

        @Override
        public Sample withValue(NDArray value) {
            return new Sample(name, distribution, value, isObserved, key, scale, mask, infer, plates, isStopped, origin);
        }

        /// {@return a copy whose value is data}
        public Sample withObserved(NDArray value) {
            return new Sample(name, distribution, value, true, key, scale, mask, infer, plates, isStopped, origin);
        }

        /// {@return a copy with another distribution}
        public Sample withDistribution(Distribution distribution) {
            return new Sample(name, distribution, value, isObserved, key, scale, mask, infer, plates, isStopped, origin);
        }

        @Override
        public boolean needsKey() {
            return value == null && !isObserved && key == null;
        }

        @Override
        public Sample withKey(PRNGKey key) {
            return new Sample(name, distribution, value, isObserved, key, scale, mask, infer, plates, isStopped, origin);
        }

        /// {@return a copy whose log density is multiplied by a further factor}
        public Sample withScale(NDArray factor) {
            NDArray product = scale == ONE ? factor : scale.times(factor);
            return new Sample(name, distribution, value, isObserved, key, product, mask, infer, plates, isStopped, origin);
        }

        /// {@return a copy whose log density counts only where this mask holds too}
        public Sample withMask(NDArray also) {
            NDArray both = mask == null ? also : Np.logicalAnd(mask, also);
            return new Sample(name, distribution, value, isObserved, key, scale, both, infer, plates, isStopped, origin);
        }

        /// {@return a copy that algorithms are told something else about}
        public Sample withInfer(Infer infer) {
            return new Sample(name, distribution, value, isObserved, key, scale, mask, infer, plates, isStopped, origin);
        }

        /// {@return a copy of an observed random variable whose value is to be drawn; [Infer#wasObserved] has the data}
        public Sample withoutObservation() {
            Infer remembered = value == null ? infer : infer.wasObserved(value);
            return new Sample(name, distribution, null, false, key, scale, mask, remembered, plates, isStopped, origin);
        }

        /// {@return a value for a run that only looks at the model: a draw, or where a flat prior has none a feasible value}
        public NDArray anyValue(PRNGKey key) {
            try {
                return distribution.sample(key);
            } catch (UnsupportedOperationException e) {
                Shape shape = distribution.batchShape().then(distribution.eventShape());
                return Np.broadcastTo(distribution.support().feasibleLike(Np.full(shape, 0.0)), shape);
            }
        }

        /// {@return whether it only adds to the log density, as `factor` does, and has no value to speak of}
        public boolean isFactor() {
            return distribution.eventShape().size() == 0;
        }

        @Override
        public Sample withName(String name) {
            return new Sample(name, distribution, value, isObserved, key, scale, mask, infer, plates, isStopped, origin);
        }

        @Override
        public Sample withPlates(List<PlateFrame> plates) {
            return new Sample(name, distribution, value, isObserved, key, scale, mask, infer, plates, isStopped, origin);
        }

        @Override
        public Sample withStopped() {
            return new Sample(name, distribution, value, isObserved, key, scale, mask, infer, plates, true, origin);
        }

        @Override
        public String label() {
            return "sample(\"" + name + "\")";
        }
    }

    /// A value to be learned, not random.
    ///
    /// @param name       name of the site
    /// @param init       value to start from; in the constraint
    /// @param constraint the set of its values
    /// @param eventDim   how many axes at the end belong to one copy, so that the axes before are those of plates; empty: the plates
    ///                   leave the value alone
    /// @param value      its value, null as long as nobody has given one
    /// @param plates     plates around it, the innermost first
    /// @param isStopped  whether handlers further out do not see it
    /// @param origin     the user's line
    record Param(
            String name,
            ParamInit init,
            Constraint constraint,
            OptionalInt eventDim,
            @Nullable NDArray value,
            List<PlateFrame> plates,
            boolean isStopped,
            Optional<StackFrame> origin)
            implements Message {
        @Override
        public Param withName(String name) {
            return new Param(name, init, constraint, eventDim, value, plates, isStopped, origin);
        }

        @Override
        public Param withValue(NDArray value) {
            return new Param(name, init, constraint, eventDim, value, plates, isStopped, origin);
        }

        @Override
        public Param withPlates(List<PlateFrame> plates) {
            return new Param(name, init, constraint, eventDim, value, plates, isStopped, origin);
        }

        @Override
        public Param withStopped() {
            return new Param(name, init, constraint, eventDim, value, plates, true, origin);
        }

        @Override
        public String label() {
            return "param(\"" + name + "\")";
        }
    }

    /// A value that the model itself replaces, and that the next run may start from: running averages, counters.
    ///
    /// @param name      name of the site
    /// @param state     holds the value
    /// @param plates    plates around it, the innermost first
    /// @param isStopped whether handlers further out do not see it
    /// @param origin    the user's line
    record Mutable(String name, MutableState state, List<PlateFrame> plates, boolean isStopped, Optional<StackFrame> origin)
            implements Message {
        /// {@return the value as it is now}
        @Override
        public NDArray value() {
            return state.get();
        }

        @Override
        public Mutable withName(String name) {
            return new Mutable(name, state, plates, isStopped, origin);
        }

        @Override
        public Mutable withValue(NDArray value) {
            return new Mutable(name, new MutableState(value), plates, isStopped, origin);
        }

        @Override
        public Mutable withPlates(List<PlateFrame> plates) {
            return new Mutable(name, state, plates, isStopped, origin);
        }

        @Override
        public Mutable withStopped() {
            return new Mutable(name, state, plates, true, origin);
        }

        @Override
        public String label() {
            return "mutable(\"" + name + "\")";
        }
    }

    /// A named value that follows from others.
    ///
    /// @param name      name of the site
    /// @param value     the value
    /// @param plates    plates around it, the innermost first
    /// @param isStopped whether handlers further out do not see it
    /// @param origin    the user's line
    record Deterministic(
            String name, NDArray value, List<PlateFrame> plates, boolean isStopped, Optional<StackFrame> origin)
            implements Message {
        @Override
        public Deterministic withValue(NDArray value) {
            return new Deterministic(name, value, plates, isStopped, origin);
        }

        @Override
        public Deterministic withName(String name) {
            return new Deterministic(name, value, plates, isStopped, origin);
        }

        @Override
        public Deterministic withPlates(List<PlateFrame> plates) {
            return new Deterministic(name, value, plates, isStopped, origin);
        }

        @Override
        public Deterministic withStopped() {
            return new Deterministic(name, value, plates, true, origin);
        }

        @Override
        public String label() {
            return "deterministic(\"" + name + "\")";
        }
    }

    /// A plate that is being opened; its value are the indices of the copies that this run looks at.
    ///
    /// @param name          name of the plate
    /// @param size          how many independent copies there are
    /// @param subsampleSize how many of them this run looks at; from 1 to `size`
    /// @param value         `int64` indices, null as long as they have not been drawn
    /// @param key           source of the indices, null as long as nobody has given one
    /// @param plates        plates around it, the innermost first
    /// @param isStopped     whether handlers further out do not see it
    /// @param origin        the user's line
    record Plate(
            String name,
            int size,
            int subsampleSize,
            @Nullable NDArray value,
            @Nullable PRNGKey key,
            List<PlateFrame> plates,
            boolean isStopped,
            Optional<StackFrame> origin)
            implements Message {
        @Override
        public Plate withValue(NDArray value) {
            return new Plate(name, size, subsampleSize, value, key, plates, isStopped, origin);
        }

        @Override
        public boolean needsKey() {
            return value == null && key == null;
        }

        @Override
        public Plate withKey(PRNGKey key) {
            return new Plate(name, size, subsampleSize, value, key, plates, isStopped, origin);
        }

        @Override
        public Plate withName(String name) {
            return new Plate(name, size, subsampleSize, value, key, plates, isStopped, origin);
        }

        @Override
        public Plate withPlates(List<PlateFrame> plates) {
            return new Plate(name, size, subsampleSize, value, key, plates, isStopped, origin);
        }

        @Override
        public Plate withStopped() {
            return new Plate(name, size, subsampleSize, value, key, plates, true, origin);
        }

        @Override
        public String label() {
            return "plate(\"" + name + "\")";
        }
    }

    /// A request for something that the handlers around the model know. It is no site: nothing hides it, no trace keeps it.
    sealed interface Request extends Message {
        @Override
        default boolean isSite() {
            return false;
        }

        @Override
        default String name() {
            return "";
        }

        @Override
        default @Nullable NDArray value() {
            return null;
        }

        @Override
        default List<PlateFrame> plates() {
            return List.of();
        }

        @Override
        default boolean isStopped() {
            return false;
        }

        @Override
        default Message withName(String name) {
            return this;
        }

        @Override
        default Message withValue(NDArray value) {
            return this;
        }

        @Override
        default Message withPlates(List<PlateFrame> plates) {
            return this;
        }

        @Override
        default Message withStopped() {
            return this;
        }
    }

    /// A request for a fresh random key.
    ///
    /// @param key    the key, null as long as nobody has given one
    /// @param origin the user's line
    record Key(@Nullable PRNGKey key, Optional<StackFrame> origin) implements Request {
        @Override
        public boolean needsKey() {
            return key == null;
        }

        @Override
        public Key withKey(PRNGKey key) {
            return new Key(key, origin);
        }

        @Override
        public String label() {
            return "prngKey()";
        }
    }

    /// A request for the mask in force.
    ///
    /// @param mask   the masks seen so far together, null if there is none
    /// @param origin the user's line
    record MaskInForce(@Nullable NDArray mask, Optional<StackFrame> origin) implements Request {
        /// {@return a copy that one more mask applies to}
        public MaskInForce withMask(NDArray also) {
            return new MaskInForce(mask == null ? also : Np.logicalAnd(mask, also), origin);
        }

        @Override
        public String label() {
            return "getMask()";
        }
    }
}
