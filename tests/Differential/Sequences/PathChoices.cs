using Coord.Differential.Wire;

namespace Coord.Differential.Sequences;

/// <summary>Paths to ask about: what probably exists, what probably does not, and what is no path.</summary>
internal sealed class PathChoices(SeededRandom random, Belief belief)
{
    private static readonly string[] Pool =
        ["/a", "/b", "/c", "/a/a", "/a/b", "/a/c", "/b/a", "/b/b", "/a/a/a", "/a/a/b", "/b/a/a", "/ä €", "/a/ü"];

    /// <summary>Nothing is ever created below these, so that sweeps delete them only when a step waits for it.</summary>
    private static readonly string[] Swept = ["/k1", "/k2"];

    public string Known() => belief.Existing is { Count: > 0 } all && random.Chance(85)
        ? all[random.Below(all.Count)]
        : random.Pick<string>(Pool);

    public string New() => random.Pick<string>(Pool);

    public string ToBeSwept() => random.Pick<string>(Swept);

    /// <summary>For requests that change nothing where a path is odd.</summary>
    public WirePath Any() => random.Below(100) switch
    {
        < 88 => WirePath.Below(Known()),
        < 92 => WirePath.Below(ToBeSwept()),
        < 94 => WirePath.Below(""),
        _ => Odd(),
    };

    public WirePath Odd() => random.Below(16) switch
    {
        0 => WirePath.Null,
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

    /// <summary>Paths of every server, for requests that leave them as they are.</summary>
    public WirePath BuiltIn() => WirePath.Just(random.Pick("/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config"));
}
