package kiln.model.handler;

import java.util.Set;
import kiln.model.Handler;
import kiln.model.Interceptor;
import kiln.model.Message;
import kiln.model.ScanStep;
import kiln.model.PlateFrame;

/// Puts a prefix before the names of sites, and of the plates inside: `prefix/name`.
///
/// @param prefix  what stands before every name
/// @param divider what stands between them
/// @param hidden  kinds of statements whose names are left alone; plates among them keeps the names of plates around sites as well
public record NameScope(String prefix, String divider, Set<Class<? extends Message>> hidden) implements Handler, Interceptor {
    /// The set is copied.
    public NameScope {
        hidden = Set.copyOf(hidden);
    }

    /// {@return a copy with something else between prefix and name}
    public NameScope divider(String v) {
        return new NameScope(prefix, v, hidden);
    }

    /// {@return a copy that leaves the names of some kinds of statements alone}
    public NameScope hideTypes(Set<Class<? extends Message>> types) {
        return new NameScope(prefix, divider, types);
    }

    @Override
    public Interceptor open() {
        return this;
    }

    @Override
    public Message.Sample inScan(Message.Sample s, ScanStep step) {
        return process(s) instanceof Message.Sample named ? named : s;
    }

    @Override
    public Message process(Message m) {
        if (!m.isSite() || hidden.contains(m.getClass())) {
            return m;
        }
        Message named = m.withName(prefix + divider + m.name());
        return hidden.contains(Message.Plate.class)
                ? named
                : named.withPlates(m.plates().stream().map(this::scoped).toList());
    }

    /// On the way back the site has the name again by which the handlers inside know it.
    @Override
    public Message postprocess(Message m) {
        String before = prefix + divider;
        return m.isSite() && !hidden.contains(m.getClass()) && m.name().startsWith(before)
                ? m.withName(m.name().substring(before.length()))
                : m;
    }

    private PlateFrame scoped(PlateFrame p) {
        return new PlateFrame(prefix + divider + p.name(), p.dim(), p.size(), p.subsampleSize());
    }
}
