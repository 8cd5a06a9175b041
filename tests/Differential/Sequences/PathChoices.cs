using Coord.Differential.Wire;

namespace Coord.Differential.Sequences;

/// <summary>Paths to ask about: what probably exists, what probably does not, and what is no path.</summary>
internal sealed class PathChoices(SeededRandom random, Belief belief)
{
    // What begins so is never a parent: sweeps delete it only when a step waits for that.
    private const string Swept = "/k";

    private static readonly string[] Names = ["a", "b", "c", "ä €"];

    public string Known()
    {
        var all = belief.Existing.Where(path => !path.Contains(Swept, StringComparison.Ordinal)).ToArray();
        return all.Length > 0 && random.Chance(90) ? all[random.Below(all.Length)] : "/" + random.Pick<string>(Names);
    }

    /// <summary>A child of the run's own znode, or of one that probably exists.</summary>
    public string New() => (random.Chance(45) ? "" : Known()) + "/" + random.Pick<string>(Names);

    public string ToBeSwept() => (random.Chance(30) ? "/a" : "") + Swept + random.Pick("1", "2");

    /// <summary>For requests that change nothing where a path is odd.</summary>
    public WirePath Any() => random.Below(100) switch
    {
        < 88 => WirePath.Below(Known()),
        < 92 => WirePath.Below(ToBeSwept()),
        < 94 => WirePath.Below(""),
        _ => Odd(isPart: false),
    };

    /// <param name="isPart">Of a multi: null there ends in an exception of ZooKeeper's, whatever comes before.</param>
    public WirePath Odd(bool isPart) => random.Below(16) switch
    {
        0 => isPart ? WirePath.Just("") : WirePath.Null,
        1 => WirePath.Just("a"),
        2 => WirePath.Below("/a/"),
        3 => WirePath.Below("//a"),
        4 => WirePath.Below("/a//b"),
        5 => WirePath.Below("/."),
        6 => WirePath.Below("/a/.."),
        7 => WirePath.Below("/a\0b"),
        8 => WirePath.Below("/a\u0001"),
        9 => WirePath.Below("/\u007f"),
        10 => WirePath.Below("/\ue000"),
        11 => WirePath.Below("/\ufff0"),
        12 => WirePath.Below("/\U0001F600"),
        13 => WirePath.Bytes([(byte)'/', 0xff, 0xfe]),
        14 => WirePath.Below("/" + new string('l', 700)),
        _ => WirePath.Below("/a/./b"),
    };

    /// <summary>
    /// The one path of every server that can be read: children of "/" and of the quotas are those of other sequences,
    /// and a ZooKeeper without a quorum has no configuration.
    /// </summary>
    public static WirePath BuiltIn { get; } = WirePath.Just("/zookeeper");
}
