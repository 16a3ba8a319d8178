package kiln.infer.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.PlateFrame;

/// The sites of a model with their distributions, plates and parents. Deterministic sites are sites of their own here.
///
/// @param sampleSample    by random variable and deterministic site: the sites that it directly depends on, in the order of the model
/// @param sampleParam     by random variable and deterministic site: the parameters that it directly depends on
/// @param sampleDist      by random variable and deterministic site: the name of its distribution, `Deterministic` for the latter
/// @param paramConstraint by parameter: what its values must be
/// @param plateSample     by plate: the random variables and deterministic sites inside
/// @param plateSize       by plate: the number of copies
/// @param observed        the observed sites
public record ModelRelations(
        Map<String, List<String>> sampleSample,
        Map<String, List<String>> sampleParam,
        Map<String, String> sampleDist,
        Map<String, String> paramConstraint,
        Map<String, List<String>> plateSample,
        Map<String, Integer> plateSize,
        List<String> observed) {
    static ModelRelations of(Model model) {
        Provenance run = Provenance.of(
                model,
                m -> m instanceof Message.Param
                        || (m instanceof Message.Deterministic && m.requireValue().size() > 0)
                        || (m instanceof Message.Sample s && !s.isObserved()));
        var out = new ModelRelations(
                new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(),
                new LinkedHashMap<>(), new ArrayList<>());
        for (Message m : run.trace().sites().values()) {
            switch (m) {
                case Message.Sample s -> {
                    out.add(s, s.distributionName(), run);
                    if (s.isObserved()) {
                        out.observed.add(s.name());
                    }
                }
                case Message.Deterministic d -> out.add(d, "Deterministic", run);
                case Message.Param p -> out.paramConstraint.put(p.name(), p.constraint().description());
                case Message.Plate p -> {
                    out.plateSample.computeIfAbsent(p.name(), _ -> new ArrayList<>());
                    out.plateSize.put(p.name(), p.size());
                }
                case Message.Mutable _, Message.Request _ -> {}
            }
        }
        return out;
    }

    private void add(Message site, String distribution, Provenance run) {
        Set<String> parents = run.parents().getOrDefault(site.name(), Set.of());
        var sites = run.trace().sites();
        sampleSample.put(site.name(), parents.stream().filter(p -> !(sites.get(p) instanceof Message.Param)).toList());
        sampleParam.put(site.name(), parents.stream().filter(p -> sites.get(p) instanceof Message.Param).toList());
        sampleDist.put(site.name(), distribution);
        for (PlateFrame plate : site.plates()) {
            plateSample.computeIfAbsent(plate.name(), _ -> new ArrayList<>()).add(site.name());
            plateSize.putIfAbsent(plate.name(), plate.size());
        }
    }

    /// {@return the plates around a site, those with most sites first}
    List<String> platesOf(String site) {
        return plateSample.entrySet().stream()
                .filter(e -> e.getValue().contains(site))
                .sorted(java.util.Comparator.comparingInt(e -> -e.getValue().size()))
                .map(Map.Entry::getKey)
                .toList();
    }
}
