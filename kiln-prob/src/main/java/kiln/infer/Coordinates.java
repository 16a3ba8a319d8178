package kiln.infer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.Distribution;
import kiln.infer.reparam.LocatedVariable;
import kiln.model.Message;
import org.jspecify.annotations.Nullable;

/// In which coordinates the sites of a model are sampled that are located and scaled by others, and those that follow such sites.
///
/// ```
/// position u  →  as written  x = loc + scale z,   z = u √r + (h − k loc) scale r,   r = 1 / (1 + k scale²)  →  value = bijection(x)
/// ```
///
/// If x had a normal prior and the rest of the model were the likelihood `exp(h x − ½ k x²)`, u would be standard normal given all others, whatever
/// `loc` and `scale` are. Where `scale` is small against `1/√k` it is the decentred variable `(x − loc)/scale`, where it is large the centred one,
/// `√k x − h/√k`: there is a funnel at neither end. This changes what a sampler sees and nothing else.
///
/// The elements of a normal site with one scale may be looked at along other directions, the columns of an orthogonal Q: `z = Q z'` is standard normal too,
/// so that the same holds for `t = Qᵀ x` with `Qᵀ loc`.
///
/// A site that deviates is told apart by its deviation from its location, `x − loc`, whose likelihood k and h are then: `z = u √r + h scale r`.
///
/// Where the model has z as a site and computes x from it, the position as written is z; all else is the same.
///
/// Source: the conditional mean and variance of a normal mean; Papaspiliopoulos, Roberts and Sköld, *A general framework for the parametrization of
/// hierarchical models* (2007), choose how far to decentre by the same ratio of variances, at one value of the scale.
///
/// @param moved  places of such sites by name; sites that are not named have the positions that the model as written has
/// @param byHand those of them that the model as written has standardised
/// @param vectors the same for sites of vectors
/// @param shear  what else is sampled without the part that follows such sites; null: nothing
record Coordinates(Map<String, Place> moved, Map<String, ByHand> byHand, Map<String, VectorLikelihood> vectors, @Nullable Shear shear) {
    /// Every site as the model has it.
    static final Coordinates AS_WRITTEN = new Coordinates(Map.of(), Map.of(), Map.of(), null);

    Coordinates {
        moved = Map.copyOf(moved);
        byHand = Map.copyOf(byHand);
        vectors = Map.copyOf(vectors);
    }

    /// A site taken apart: `x = loc + scale z`.
    ///
    /// @param isByHand whether z is the site of the model as written, and not x
    record Parts(NDArray loc, NDArray scale, boolean isByHand) {
        NDArray value(NDArray z) {
            return loc.plus(scale.times(z));
        }
    }

    boolean isAsWritten() {
        return moved.isEmpty() && vectors.isEmpty() && shear == null;
    }

    /// {@return whether some vectors follow sites that are not sampled as written, and may come before them in the model}
    ///
    /// @param sites all sites
    boolean vectorsFollowMoved(List<LatentSite> sites) {
        return vectors.values().stream().flatMap(v -> v.followed().stream()).anyMatch(i -> moved.containsKey(sites.get(i).name()));
    }

    /// {@return what a run with vectors and free sites at their reference values found that holds for all values of these}
    ///
    /// Where there are free sites, the locations of all members depend on nothing else. What vectors follow does not depend on vectors.
    ///
    /// @param sites all sites
    <T> Map<String, T> independent(List<LatentSite> sites, Map<String, T> found) {
        if (shear != null) {
            return found;
        }
        var out = new LinkedHashMap<String, T>();
        vectors.values().stream().flatMap(v -> v.followed().stream()).map(i -> sites.get(i).name()).filter(found::containsKey)
                .forEach(name -> out.put(name, Objects.requireNonNull(found.get(name))));
        return out;
    }

    /// {@return the same with vectors as they are written: what they follow can be found without them}
    Coordinates withoutVectors() {
        return new Coordinates(moved, byHand, Map.of(), shear);
    }

    /// {@return a position of all sites in which the vectors have their reference values, as written}
    Map<String, NDArray> atReference(Map<String, NDArray> position) {
        var out = new LinkedHashMap<>(shear == null ? position : shear.atReference(position));
        vectors.forEach((name, v) -> out.put(name, v.reference()));
        return out;
    }

    /// {@return whether positions as written of some sites depend on where those are that follow: they deviate from them, or are vectors}
    boolean movesWithFree() {
        return shear != null && (!vectors.isEmpty() || moved.values().stream().anyMatch(p -> p instanceof Likelihood l && l.deviates()));
    }

    /// What the position of a site is.
    sealed interface Place {
        /// {@return what lies between the position and the position as written}
        Standardised of(Parts v);
    }

    /// The position is the deviation from the location, `x − loc`.
    record Deviation() implements Place {
        @Override
        public Standardised of(Parts v) {
            return new StandardisedElements(v, Np.divide(1, v.scale()), Np.negative(Np.log(v.scale())), DECENTRED, null, true);
        }
    }

    /// The position is x.
    record Itself() implements Place {
        @Override
        public Standardised of(Parts v) {
            return new StandardisedElements(v, Np.divide(1, v.scale()), Np.negative(Np.log(v.scale())), Np.negative(v.loc().div(v.scale())), null, false);
        }
    }

    /// What a site is taken to be told by the rest of the model, see [Information]; of the shape of its value. The position is u.
    ///
    /// @param turn     directions of the site, `[n, n]`; null: its elements
    /// @param deviates whether its deviation from its location is what is told
    record Likelihood(NDArray precision, NDArray linear, @Nullable OrthogonalMap turn, boolean deviates) implements Place {
        @Override
        public Standardised of(Parts v) {
            NDArray ratio = precision.times(Np.square(v.scale()));
            NDArray told = deviates ? linear : linear.minus(precision.times(turnedLocation(v)));
            return new StandardisedElements(v, Shrinkage.root(ratio), Shrinkage.logRoot(ratio), told.times(v.scale()).times(Shrinkage.share(ratio)), turn, deviates);
        }

        private NDArray turnedLocation(Parts v) {
            NDArray loc = v.loc();
            return turn == null ? loc : flat(Np.broadcastTo(loc, precision.shape()), turn::transposedTimes);
        }
    }

    private static NDArray flat(NDArray z, UnaryOperator<NDArray> map) {
        return map.apply(z.reshape(z.size())).reshape(z.shape().dims());
    }

    /// Sites that follow others, see [Information.Shear]: `x_free = u_free − slopes · x_by`, of volume 1.
    ///
    /// @param reference values of the free sites for which the model makes sense, one after the other
    record Shear(List<LatentSite> free, List<LatentSite> by, NDArray slopes, NDArray reference) {
        /// So many sums are no more to compile than a product.
        private static final int FEW_SUMS = 4;

        /// {@return a position of all sites in which the free ones have their reference values}
        Map<String, NDArray> atReference(Map<String, NDArray> position) {
            return with(position, reference);
        }

        /// {@return the position as written}
        ///
        /// @param x what is told of the sites that others follow, among others
        SequencedMap<String, NDArray> written(Map<String, NDArray> u, Map<String, NDArray> x) {
            return with(u, flat(free, u).minus(followed(x)));
        }

        /// {@return the position without what follows}
        ///
        /// @param u positions, of the free sites as written
        /// @param x what is told of the sites that others follow, among others
        SequencedMap<String, NDArray> position(Map<String, NDArray> u, Map<String, NDArray> x) {
            return with(u, flat(free, u).plus(followed(x)));
        }

        /// `slopes · x_by`. A few sums are part of the loops in which their terms are computed, where a product of matrices is not.
        private NDArray followed(Map<String, NDArray> x) {
            if (slopes.size(0) > FEW_SUMS) {
                return slopes.matmul(flat(by, x));
            }
            List<NDArray> out = new ArrayList<>();
            for (int i = 0; i < slopes.size(0); i++) {
                int from = 0;
                NDArray sum = null;
                for (LatentSite s : by) {
                    int to = from + s.unconstrainedShape().size();
                    NDArray term = Objects.requireNonNull(x.get(s.name())).reshape(to - from).times(slopes.get(Index.at(i), Index.slice(from, to))).sum();
                    sum = sum == null ? term : sum.plus(term);
                    from = to;
                }
                out.add(Objects.requireNonNull(sum));
            }
            return Np.stack(out, 0);
        }

        private static NDArray flat(List<LatentSite> sites, Map<String, NDArray> x) {
            return Np.concatenate(sites.stream().map(s -> Objects.requireNonNull(x.get(s.name())).reshape(s.unconstrainedShape().size())).toList(), 0);
        }

        private SequencedMap<String, NDArray> with(Map<String, NDArray> position, NDArray values) {
            var out = new LinkedHashMap<>(position);
            int from = 0;
            for (LatentSite s : free) {
                int to = from + s.unconstrainedShape().size();
                out.put(s.name(), values.get(Index.slice(from, to)).reshape(s.unconstrainedShape()));
                from = to;
            }
            return out;
        }
    }

    /// What lies between the position of a site and its position as written: z.
    interface Standardised {
        /// {@return z}
        ///
        /// @param u the position
        NDArray standard(NDArray u);

        /// {@return the position as written}
        ///
        /// @param z [#standard] of the position
        NDArray written(NDArray z);

        /// {@return what the rest of the model tells of: the deviation, or x}
        ///
        /// @param z [#standard] of the position
        NDArray told(NDArray z);

        /// {@return [#told] of a position as written}
        NDArray toldOfWritten(NDArray written);

        /// {@return the position of a position as written}
        NDArray position(NDArray written);

        /// {@return whether z depends on where the sites are that follow others}
        boolean movesWithFree();

        /// The distribution of z, `batch + event` as the site's.
        Distribution distribution(Message.Sample s);

        /// `log |∂z/∂u|`, `batch`.
        NDArray logJacobian(Distribution d);

        /// `log |∂written/∂u|`, `batch`.
        NDArray logJacobianOfWritten(Distribution d);
    }

    /// What lies between the position of a site and its position as written, element by element.
    ///
    /// @param root     of z, by u
    /// @param logRoot  its logarithm
    /// @param shift    of z, for u = 0
    /// @param turn     directions of z; null: its elements
    /// @param deviates whether its deviation from its location is what the rest of the model tells of
    record StandardisedElements(Parts parts, NDArray root, NDArray logRoot, NDArray shift, @Nullable OrthogonalMap turn, boolean deviates) implements Standardised {
        @Override
        public NDArray standard(NDArray u) {
            NDArray z = u.times(root).plus(shift);
            return turn == null ? z : flat(z, turn::times);
        }

        @Override
        public NDArray written(NDArray z) {
            return parts.isByHand() ? z : parts.value(z);
        }

        @Override
        public NDArray told(NDArray z) {
            return told(z, deviates);
        }

        @Override
        public NDArray toldOfWritten(NDArray written) {
            if (parts.isByHand()) {
                return told(written, deviates);
            }
            return deviates ? written.minus(parts.loc()) : written;
        }

        private NDArray told(NDArray z, boolean deviation) {
            return deviation ? parts.scale().times(z) : parts.value(z);
        }

        @Override
        public boolean movesWithFree() {
            return false;
        }

        @Override
        public NDArray position(NDArray written) {
            NDArray z = parts.isByHand() ? written : written.minus(parts.loc()).div(parts.scale());
            return (turn == null ? z : flat(z, turn::transposedTimes)).minus(shift).div(root);
        }

        @Override
        public Distribution distribution(Message.Sample s) {
            return parts.isByHand() ? s.distribution() : located(s).orElseThrow().distribution(DECENTRED);
        }

        @Override
        public NDArray logJacobian(Distribution d) {
            return PositionedRun.overEvents(spread(logRoot, d), d.batchShape());
        }

        @Override
        public NDArray logJacobianOfWritten(Distribution d) {
            NDArray own = logJacobian(d);
            return parts.isByHand() ? own : own.plus(PositionedRun.overEvents(spread(Np.log(parts.scale()), d), d.batchShape()));
        }
    }

    private static final NDArray DECENTRED = NDArray.as(0);

    /// {@return what lies between the position of a site and its position as written; null for nothing}
    ///
    /// @param written positions as written by their place in the list of sites
    /// @param told    what the rest of the model is told of sites, the same way
    @Nullable Standardised standardised(Message.Sample s, IntFunction<NDArray> written, IntFunction<NDArray> told) {
        VectorLikelihood vector = vectors.get(s.name());
        if (vector != null) {
            return vector.of(VectorLikelihood.located(s).orElseThrow(), told);
        }
        Standardised own = standardisedByHand(s.name(), written);
        Place place = moved.get(s.name());
        if (own != null || place == null) {
            return own;
        }
        LocatedVariable v = located(s).orElseThrow();
        return place.of(new Parts(v.loc(), v.scale(), false));
    }

    /// {@return the same for a site that is standardised by hand, which its message is not needed for; null for others}
    @Nullable Standardised standardisedByHand(String site, IntFunction<NDArray> written) {
        ByHand own = byHand.get(site);
        return own == null ? null : Objects.requireNonNull(moved.get(site)).of(own.at(written));
    }

    /// {@return a site whose coordinates can be chosen, taken apart; empty for others}
    ///
    /// The densities of sites that are masked or scaled are no densities of the site: its prior does not count in full, the change of
    /// coordinates would have to. They stay as written.
    static Optional<LocatedVariable> located(Message.Sample s) {
        return counts(s) ? LocatedVariable.ofUnconstrained(s.distribution()) : Optional.empty();
    }

    /// {@return whether the density of a site is that of its distribution}
    static boolean counts(Message.Sample s) {
        return s.mask() == null && s.scale() == Message.Sample.ONE && !s.isSeries();
    }

    /// {@return whether a site is normal with one scale for all its elements, so that it has no directions of its own}
    static boolean isSpherical(Message.Sample s) {
        return located(s).filter(v -> v.isNormal() && v.scale().size() == 1).isPresent();
    }

    private static NDArray spread(NDArray x, Distribution d) {
        return Np.broadcastTo(x, d.batchShape().then(d.eventShape()));
    }
}
