package kiln.infer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import kiln.array.DType;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.model.Handler;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Message;

/// Draws of sites, along the first axes of their arrays, handed to a model one draw at a time.
///
/// @param who     who was given them, for messages
/// @param samples name and draws of sites
/// @param batch   sizes of the axes of draws; the same for all sites
record GivenDraws(String who, Map<String, NDArray> samples, Shape batch) {
    /// Reads the number of draws from the arrays.
    ///
    /// @param batchNdims how many axes in front are axes of draws; ≥ 0
    /// @throws ShapeException if the draws differ in number
    static GivenDraws of(String who, Map<String, NDArray> samples, int batchNdims) {
        if (batchNdims < 0) {
            throw new DomainException(new Diagnosis(who, "batchNdims must be ≥ 0").got("" + batchNdims).at(UserCode.line()));
        }
        Shape batch = null;
        for (var entry : samples.entrySet()) {
            Shape shape = entry.getValue().shape();
            if (shape.rank() < batchNdims || (batch != null && !shape.slice(0, batchNdims).equals(batch))) {
                String axes = batchNdims == 1 ? "the first axis" : "the first " + batchNdims + " axes";
                throw new ShapeException(new Diagnosis(who, "the draws of the sites differ in number")
                        .expected("draws along " + axes + (batch == null ? "" : ", " + (batchNdims == 1 ? batch.dim(0) : batch) + " of them"))
                        .got("\"" + entry.getKey() + "\" of shape " + shape)
                        .at(UserCode.line())
                        .fix(batchNdims == 1
                                ? "give every site the shape [draws, …], chains one after the other."
                                : "give every site the draws along the first axes, or set batchNdims to the number of these axes."));
            }
            batch = shape.slice(0, batchNdims);
        }
        return new GivenDraws(who, Collections.unmodifiableMap(new LinkedHashMap<>(samples)), batch == null ? Shape.SCALAR : batch);
    }

    /// {@return the number of draws}
    int count() {
        return batch.size();
    }

    /// {@return the handler that gives the sites the values of one draw}
    ///
    /// @param draw             from 0 to `count() − 1`, the last axis of draws moves fastest
    /// @param giveDeterministic whether deterministic sites get their values too, or are computed
    Handler at(int draw, boolean giveDeterministic) {
        return Handlers.substitute(m -> {
            NDArray all = samples.get(m.name());
            return all == null || !m.isSite() || (m instanceof Message.Deterministic && !giveDeterministic)
                    ? Optional.empty()
                    : Optional.of(one(all, draw));
        });
    }

    /// {@return one draw of a site}
    NDArray one(String name, int draw) {
        return one(Objects.requireNonNull(samples.get(name), name), draw);
    }

    private NDArray one(NDArray all, int draw) {
        Shape site = all.shape().slice(batch.rank(), all.rank());
        return all.reshape(Shape.of(count()).then(site)).get(draw);
    }

    /// {@return the values of the sites in all draws, `batch + shape of the site`}
    ///
    /// @throws HandlerException if a site is missing in a draw, or changes its shape
    static SequencedMap<String, NDArray> stacked(String who, Map<String, List<NDArray>> drawn, Shape batch) {
        var out = new LinkedHashMap<String, NDArray>();
        drawn.forEach((name, values) -> out.put(name, stacked(who, name, values, batch)));
        return out;
    }

    private static NDArray stacked(String who, String name, List<NDArray> values, Shape batch) {
        List<Shape> shapes = values.stream().map(NDArray::shape).distinct().toList();
        if (values.size() != batch.size() || shapes.size() > 1) {
            String seen = shapes.stream().limit(3).map(Shape::toString).collect(Collectors.joining(", "));
            throw new HandlerException(new Diagnosis(who, "the site \"" + name + "\" differs from draw to draw")
                    .expected("the same sites and shapes in all " + batch.size() + " draws")
                    .got("a value in " + values.size() + " of " + batch.size() + " draws, of shape " + seen)
                    .at(UserCode.line())
                    .fix("leave the site out with returnSites(…), or run trace(model, seed(k)) for each key yourself."));
        }
        return Np.stack(values, 0).reshape(batch.then(shapes.getFirst()));
    }

    /// Runs something for every draw, on all processors if that is wanted; the results are in the order of the draws.
    ///
    /// @param perDraw what to do for a draw; it sees the default element type of the caller
    static <T> List<T> map(int draws, boolean parallel, java.util.function.IntFunction<T> perDraw) {
        if (!parallel) {
            List<T> out = new ArrayList<>();
            for (int i = 0; i < draws; i++) {
                out.add(perDraw.apply(i));
            }
            return out;
        }
        DType floating = DType.floating();
        return java.util.stream.IntStream.range(0, draws)
                .parallel()
                .mapToObj(i -> DType.withDefault(floating, () -> perDraw.apply(i)))
                .toList();
    }
}
