package kiln.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.UserCode;
import org.jspecify.annotations.Nullable;

/// One run of a model: its sites in the order in which they were reached, each with its value.
///
/// Printing a trace shows a table of the sites.
public final class Trace {
    private final SequencedMap<String, Message> sites;

    private Trace(SequencedMap<String, Message> sites) {
        this.sites = Collections.unmodifiableSequencedMap(sites);
    }

    /// {@return all sites by name, in the order of the run}
    public SequencedMap<String, Message> sites() {
        return sites;
    }

    /// {@return the random variables by name, in the order of the run}
    public SequencedMap<String, Message.Sample> samples() {
        var out = new LinkedHashMap<String, Message.Sample>();
        sites.forEach((name, site) -> {
            if (site instanceof Message.Sample s) {
                out.put(name, s);
            }
        });
        return out;
    }

    /// {@return whether the run reached a site of this name}
    public boolean contains(String name) {
        return sites.containsKey(name);
    }

    /// {@return the value of a site; of a plate, the indices}
    ///
    /// @throws IllegalArgumentException if there is no such site
    public NDArray value(String name) {
        return site(name).requireValue();
    }

    /// {@return the log density of all random variables together, a scalar}
    public NDArray logProb() {
        NDArray sum = null;
        for (NDArray term : logProbs().values()) {
            sum = sum == null ? term : sum.plus(term);
        }
        return sum == null ? Np.scalar(0.0) : sum;
    }

    /// {@return the log density of one random variable, summed over its batch, masked and scaled: a scalar}
    ///
    /// @throws IllegalArgumentException if there is no such random variable
    public NDArray logProb(String name) {
        return sample("Trace.logProb", name).logProb().sum();
    }

    /// {@return a random variable}
    ///
    /// @throws IllegalArgumentException if there is no such random variable
    public Message.Sample sample(String name) {
        return sample("Trace.sample", name);
    }

    private Message.Sample sample(String who, String name) {
        if (site(name) instanceof Message.Sample s) {
            return s;
        }
        throw new IllegalArgumentException(new Diagnosis(who, "the site is not a random variable")
                .got(site(name).label())
                .at(UserCode.line())
                .fix("name one of " + Names.list(samples().keySet()) + ".")
                .message());
    }

    /// {@return the log density of every random variable, see [#logProb(String)], in the order of the run}
    public SequencedMap<String, NDArray> logProbs() {
        var out = new LinkedHashMap<String, NDArray>();
        samples().forEach((name, s) -> out.put(name, s.logProb().sum()));
        return out;
    }

    /// {@return what is odd about the run without being an error: values outside the support, batch axes without a plate}
    public List<String> warnings() {
        return Warnings.of(samples().values());
    }

    /// {@return the first value of a random variable that is outside its support, and how many there are: `y[2] = 2 (1 of 4 values), shape
    /// [4]`; empty if its log density is not −∞ for that reason}
    ///
    /// @throws IllegalArgumentException if there is no such random variable
    public Optional<String> outsideSupport(String name) {
        return Warnings.firstOutside(sample("Trace.outsideSupport", name));
    }

    /// {@return a site of any kind}
    ///
    /// @throws IllegalArgumentException if there is no such site
    public Message site(String name) {
        Message site = sites.get(name);
        if (site == null) {
            throw new IllegalArgumentException(Names.noSuchSite("Trace", name, sites.keySet()).message());
        }
        return site;
    }

    @Override
    public String toString() {
        return TraceTable.text(sites.values());
    }

    /// Keeps the sites of one run.
    static final class Recorder implements Interceptor {
        private final SequencedMap<String, Message> sites = new LinkedHashMap<>();

        @Override
        public Message postprocess(Message m) {
            Message first = m.isSite() ? sites.putIfAbsent(m.name(), m) : null;
            if (first != null && !isAgain(m, first)) {
                throw duplicate(m, first);
            }
            return m;
        }

        /// A parameter may be asked for again, a plate be opened again.
        private static boolean isAgain(Message m, Message first) {
            return m.getClass() == first.getClass() && (m instanceof Message.Param || m instanceof Message.Plate);
        }

        private static HandlerException duplicate(Message m, Message first) {
            return new HandlerException(new Diagnosis(m.label(), "there is a site of this name already")
                    .expected("every name once in a run of the model")
                    .got("first " + described(first) + "; again " + described(m))
                    .at(m.place())
                    .fix("give each its own name, in a loop for instance \"" + m.name() + "_\" + i."));
        }

        private static String described(Message m) {
            @Nullable NDArray value = m.value();
            String line = m.origin().map(UserCode::describe).orElse("");
            return m.label() + " of shape " + (value == null ? "?" : value.shape()) + (line.isEmpty() ? "" : " at " + line);
        }

        Trace trace() {
            return new Trace(sites);
        }
    }
}
