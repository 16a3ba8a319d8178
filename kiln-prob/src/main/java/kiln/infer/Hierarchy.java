package kiln.infer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// The sites of a model that are located or scaled by others, and what their locations depend on.
///
/// @param members in the order of the model
/// @param free    sites on the whole real line that may be made to follow the members: no scale depends on them, and no location but of members that are
///                looked at by their deviations
record Hierarchy(List<Member> members, List<LatentSite> free) {
    static final Hierarchy NONE = new Hierarchy(List.of(), List.of());

    /// Multiplications by slopes, and by directions, that every gradient may cost: some microseconds.
    private static final int MOST_PRODUCTS = 10_000;

    /// @param isTurnable whether it may be looked at along other directions than its elements: it is normal with one scale, around a constant or free sites
    /// @param deviates   whether it is looked at by its deviation from its location, which depends on free sites and nothing else
    record Member(LatentSite site, boolean isTurnable, boolean deviates) {}

    /// What is known of a located site.
    ///
    /// @param loc         positions in the list of all sites of those that its location depends on
    /// @param scale       the same of its scale
    /// @param isSpherical whether it is normal with one scale for all its elements
    record Dependence(LatentSite site, BitSet loc, BitSet scale, boolean isSpherical) {}

    Hierarchy {
        members = List.copyOf(members);
        free = List.copyOf(free);
    }

    List<LatentSite> located() {
        return members.stream().map(Member::site).toList();
    }

    boolean deviates() {
        return members.stream().anyMatch(Member::deviates);
    }

    /// {@return a hierarchy of which nothing but the members is known}
    static Hierarchy ofUnknown(List<LatentSite> located) {
        return new Hierarchy(located.stream().map(s -> new Member(s, false, false)).toList(), List.of());
    }

    /// {@return the hierarchy of located sites}
    ///
    /// @param sites      all sites
    /// @param candidates positions of those that may be free if nothing depends on them
    static Hierarchy of(List<LatentSite> sites, List<Dependence> located, BitSet candidates) {
        Hierarchy all = of(sites, located, candidates, true);
        return all.deviates() && !(all.isSlopesAffordable() && all.isTurnsAffordable())
                ? of(sites, located, candidates, false).affordable()
                : all.affordable();
    }

    private static Hierarchy of(List<LatentSite> sites, List<Dependence> located, BitSet candidates, boolean mayDeviate) {
        var free = (BitSet) candidates.clone();
        located.forEach(d -> free.andNot(d.scale()));
        // A location that depends on something else makes all that it depends on something else.
        for (int before = -1; before != free.cardinality(); ) {
            before = free.cardinality();
            located.stream().filter(d -> !(mayDeviate && d.isSpherical() && isWithin(d.loc(), free))).forEach(d -> free.andNot(d.loc()));
        }
        List<Member> members = new ArrayList<>();
        for (Dependence d : located) {
            boolean centred = d.loc().isEmpty();
            boolean deviates = !centred && mayDeviate && d.isSpherical() && isWithin(d.loc(), free);
            members.add(new Member(d.site(), d.isSpherical() && (centred || deviates), deviates));
        }
        return new Hierarchy(members, free.stream().mapToObj(sites::get).toList());
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

    private Hierarchy affordable() {
        boolean turns = isTurnsAffordable();
        return new Hierarchy(
                members.stream().map(m -> new Member(m.site(), turns && m.isTurnable(), m.deviates())).toList(),
                isSlopesAffordable() ? free : List.of());
    }

    /// {@return the positions of some sites in the list of all}
    static BitSet positions(List<LatentSite> sites, Predicate<LatentSite> some) {
        var out = new BitSet();
        IntStream.range(0, sites.size()).filter(i -> some.test(sites.get(i))).forEach(out::set);
        return out;
    }
}
