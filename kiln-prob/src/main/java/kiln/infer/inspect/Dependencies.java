package kiln.infer.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kiln.dist.Delta;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.PlateFrame;

/// Which random variables depend on which; deterministic sites and those with a Delta distribution are looked through.
///
/// The set beside a dependency names the plates within which different copies depend on each other as well; it is empty where copy i
/// depends on copy i only, or where no plate is shared.
///
/// Source: Webb et al., *Faithful Inversion of Generative Models for Effective Amortized Inference* (2018); as in Pyro and NumPyro.
///
/// @param prior     by site: the latent sites that its density is a function of, itself included
/// @param posterior by latent site: the sites that it depends on in the posterior, in reverse order of the model: its children and the
///                  sites before it that have a child in common with it
public record Dependencies(Map<String, Map<String, Set<String>>> prior, Map<String, Map<String, Set<String>>> posterior) {
    static Dependencies of(Model model) {
        Provenance run = Provenance.of(model, m -> m instanceof Message.Sample s && !s.isObserved() && counts(s));
        List<Message.Sample> sites = run.trace().samples().values().stream().filter(Dependencies::counts).toList();
        Map<String, Set<String>> plates = new LinkedHashMap<>();
        sites.forEach(s -> plates.put(s.name(), new LinkedHashSet<>(s.plates().stream().map(PlateFrame::name).toList())));
        List<String> latent = sites.stream().filter(s -> !s.isObserved()).map(Message.Sample::name).toList();

        Map<String, Map<String, Set<String>>> prior = new LinkedHashMap<>();
        Map<String, Map<String, Set<String>>> posterior = new LinkedHashMap<>();
        latent.forEach(name -> posterior.put(name, new LinkedHashMap<>()));
        for (Message.Sample s : sites) {
            Map<String, Set<String>> up = new LinkedHashMap<>();
            run.parents().getOrDefault(s.name(), Set.of()).forEach(u -> up.put(u, new LinkedHashSet<>()));
            up.put(s.name(), new LinkedHashSet<>());
            prior.put(s.name(), up);
            up.keySet().stream().filter(latent::contains).forEach(u -> at(posterior, u).put(s.name(), new LinkedHashSet<>()));
        }
        // Latent variables with a child in common depend on each other; copies of a plate that the child is not in do so as well.
        for (Message.Sample child : sites) {
            List<String> parents = new ArrayList<>(at(prior, child.name()).keySet());
            parents.removeIf(u -> !latent.contains(u));
            for (String u : parents) {
                for (String v : parents) {
                    if (latent.indexOf(v) <= latent.indexOf(u)) {
                        Set<String> shared = new LinkedHashSet<>(at(plates, u));
                        shared.retainAll(at(plates, v));
                        shared.removeAll(at(plates, child.name()));
                        at(posterior, v).computeIfAbsent(u, _ -> new LinkedHashSet<>()).addAll(shared);
                    }
                }
            }
        }
        return new Dependencies(prior, posterior);
    }

    private static boolean counts(Message.Sample s) {
        return !(s.distribution() instanceof Delta);
    }

    private static <T> T at(Map<String, T> map, String name) {
        return java.util.Objects.requireNonNull(map.get(name), name);
    }
}
