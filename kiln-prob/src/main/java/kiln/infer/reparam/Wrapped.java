package kiln.infer.reparam;

import java.util.Optional;
import java.util.function.Function;
import kiln.array.Diagnosis;
import kiln.dist.Distribution;
import kiln.dist.Expanded;
import kiln.dist.Independent;
import kiln.dist.Masked;
import kiln.model.HandlerException;
import kiln.model.Message;

/// Looks through what repeats, masks or groups the elements of a distribution, and puts it round another one.
final class Wrapped {
    private Wrapped() {}

    /// {@return the distribution with another core, or empty if the core is refused}
    static Optional<Distribution> replace(Distribution d, Function<Distribution, Optional<Distribution>> change) {
        return switch (d) {
            case Expanded e -> replace(e.baseDist(), change).map(b -> b.expand(e.batchShape()));
            case Independent i -> replace(i.baseDist(), change).map(b -> b.toEvent(i.reinterpretedBatchNdims()));
            case Masked m -> replace(m.baseDist(), change).map(b -> b.mask(m.mask()));
            default -> change.apply(d);
        };
    }

    /// {@return the distribution inside all that repeats, masks or groups its elements}
    static Distribution core(Distribution d) {
        return switch (d) {
            case Expanded e -> core(e.baseDist());
            case Independent i -> core(i.baseDist());
            case Masked m -> core(m.baseDist());
            default -> d;
        };
    }

    /// {@return whether some elements of a distribution do not count}
    static boolean isMasked(Distribution d) {
        return switch (d) {
            case Expanded e -> isMasked(e.baseDist());
            case Independent i -> isMasked(i.baseDist());
            default -> d instanceof Masked;
        };
    }

    /// {@return the error of a strategy that does not know a distribution}
    static HandlerException refused(String strategy, Message.Sample site, String expected) {
        return new HandlerException(new Diagnosis(strategy, "this strategy is not for the distribution of " + site.label())
                .expected(expected)
                .got(site.distributionName() + " with batch " + site.distribution().batchShape() + " and event "
                        + site.distribution().eventShape())
                .at(site.place())
                .fix("leave \"" + site.name() + "\" out of reparam, or choose another strategy for it."));
    }
}
