package kiln.infer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The sites of a model that are located or scaled by others, and what their locations depend on.
///
/// @param members in the order of the model
/// @param free    sites on the whole real line that may be made to follow the members: no scale depends on them
/// @param vectors sites of normal vectors, which are no members
record Hierarchy(List<Member> members, List<LatentSite> free, List<Vectors> vectors) {
    static final Hierarchy NONE = new Hierarchy(List.of(), List.of(), List.of());

    /// The longest vectors: the operations of their factorisations are written out one by one.
    private static final int LONGEST = 6;

    /// Multiplications by slopes, and by directions, that every gradient may cost: some microseconds.
    private static final int MOST_PRODUCTS = 10_000;

    /// @param isTurnable whether it may be looked at along other directions than its elements: it is normal with one scale, around a constant or free sites, as all are
    /// @param deviates   whether it is looked at by its deviation from its location, which depends on free sites and nothing else
    /// @param byHand     its location and scale if the model as written has it standardised; else null
    record Member(LatentSite site, boolean isTurnable, boolean deviates, @Nullable ByHand byHand) {}

    /// Normal vectors whose location or covariance depends on other sites.
    ///
    /// @param follows sites that their coordinates may follow, in the order of the model: those on the whole real line that are sampled as written, members, and vectors before them
    record Vectors(LatentSite site, List<LatentSite> follows) {
        Vectors {
            follows = List.copyOf(follows);
        }

        int length() {
            return site.shape().dim(site.shape().rank() - 1);
        }
    }

    /// What is known of a located site.
    ///
    /// @param loc         positions in the list of all sites of those that its location depends on
    /// @param scale       the same of its scale
    /// @param isSpherical whether it is normal with one scale for all its elements
    /// @param byHand      its location and scale if the model as written has it standardised; else null
    record Dependence(LatentSite site, BitSet loc, BitSet scale, boolean isSpherical, @Nullable ByHand byHand) {}

    Hierarchy {
        members = List.copyOf(members);
        free = List.copyOf(free);
        vectors = List.copyOf(vectors);
    }

    List<LatentSite> located() {
        return members.stream().map(Member::site).toList();
    }

    /// {@return a hierarchy of which nothing but the members is known}
    static Hierarchy ofUnknown(List<LatentSite> located) {
        return new Hierarchy(located.stream().map(s -> new Member(s, false, false, null)).toList(), List.of(), List.of());
    }

    /// {@return the hierarchy of located sites}
    ///
    /// Effects that are the location of others are told of by the priors of those, the more the smaller their scale: no directions hold for all scales. Where there
    /// are such, or other locations that are not free, all sites keep their elements.
    ///
    /// @param sites      all sites
    /// @param candidates positions of those that are free if no scale depends on them
    static Hierarchy of(List<LatentSite> sites, List<Dependence> located, BitSet candidates) {
        var free = (BitSet) candidates.clone();
        located.forEach(d -> free.andNot(d.scale()));
        List<Member> members = new ArrayList<>();
        for (Dependence d : located) {
            boolean deviates = !d.loc().isEmpty();
            if (deviates && !(d.isSpherical() && isWithin(d.loc(), free))) {
                return ofElements(located);
            }
            members.add(new Member(d.site(), d.isSpherical(), deviates, d.byHand()));
        }
        var all = new Hierarchy(members, free.stream().mapToObj(sites::get).toList(), List.of());
        boolean slopes = all.isSlopesAffordable();
        boolean turns = all.isTurnsAffordable();
        if (members.stream().anyMatch(Member::deviates) && !(slopes && turns)) {
            return ofElements(located);
        }
        return new Hierarchy(
                members.stream().map(m -> new Member(m.site(), turns && m.isTurnable(), m.deviates(), m.byHand())).toList(), slopes ? all.free() : List.of(), List.of());
    }

    private static Hierarchy ofElements(List<Dependence> located) {
        return new Hierarchy(located.stream().map(d -> new Member(d.site(), false, false, d.byHand())).toList(), List.of(), List.of());
    }

    /// {@return the same with sites of vectors, if they are short and not too many: what is said of them takes two gradients for each element}
    ///
    /// A product of slopes may take so many multiplications: what would be followed after these is not.
    ///
    /// @param sites     all sites
    /// @param found     the sites that may be such
    /// @param asWritten sites on the whole real line that are sampled as written
    /// @param effects   members that do not depend on vectors
    Hierarchy withVectors(List<LatentSite> sites, List<LatentSite> found, List<LatentSite> asWritten, List<LatentSite> effects) {
        List<Vectors> out = new ArrayList<>();
        for (LatentSite s : found) {
            if (s.shape().dim(s.shape().rank() - 1) > LONGEST || s.shape().size() > MOST_PRODUCTS) {
                continue;
            }
            List<LatentSite> follows = new ArrayList<>();
            follow(s, asWritten, follows);
            effects.forEach(e -> follow(s, List.of(e), follows));
            out.forEach(before -> follow(s, List.of(before.site()), follows));
            follows.sort(Comparator.comparingInt(sites::indexOf));
            out.add(new Vectors(s, follows));
        }
        return new Hierarchy(members, free, out);
    }

    private static void follow(LatentSite vectors, List<LatentSite> others, List<LatentSite> follows) {
        long rows = Stream.concat(follows.stream(), others.stream()).mapToLong(f -> f.unconstrainedShape().size()).sum();
        if (rows * vectors.shape().size() <= MOST_PRODUCTS) {
            follows.addAll(others);
        }
    }

    private static boolean isWithin(BitSet some, BitSet all) {
        var rest = (BitSet) some.clone();
        rest.andNot(all);
        return rest.isEmpty();
    }

    private boolean isSlopesAffordable() {
        long rows = free.stream().mapToLong(s -> s.unconstrainedShape().size()).sum();
        return rows * members.stream().mapToLong(m -> m.site().shape().size()).sum() <= MOST_PRODUCTS;
    }

    private boolean isTurnsAffordable() {
        return members.stream().filter(Member::isTurnable).mapToLong(m -> (long) m.site().shape().size() * m.site().shape().size()).sum() <= MOST_PRODUCTS;
    }

    /// {@return the positions of some sites in the list of all}
    static BitSet positions(List<LatentSite> sites, Predicate<LatentSite> some) {
        var out = new BitSet();
        IntStream.range(0, sites.size()).filter(i -> some.test(sites.get(i))).forEach(out::set);
        return out;
    }
}
