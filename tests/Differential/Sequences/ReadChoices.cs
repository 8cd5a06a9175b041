using Coord.Differential.Wire;

namespace Coord.Differential.Sequences;

/// <summary>Draws requests that change nothing but watches and identities.</summary>
/// <remarks>
/// ZooKeeper 3.8 lets a watch of another mode on the same path take the place of the first, 3.9 keeps both: the slot of
/// persistent watches sets no others, and each path has one mode there.
/// </remarks>
internal sealed class ReadChoices(SeededRandom random, PathChoices paths, bool isGuarded)
{
    private const int PersistentSlot = Sequence.Slots - 1;
    private const int Persistent = 0;
    private const int Recursive = 1;

    public Request One(int slot) => random.Weighted<Func<Request>>(
    [
        (8, () => Requests.Read(Op.Exists, paths.Any(), Watch(slot))),
        (8, () => Requests.Read(Op.GetData, paths.Any(), Watch(slot))),
        (5, () => Requests.Read(Op.GetChildren, paths.Any(), Watch(slot))),
        (6, () => Requests.Read(Op.GetChildren2, paths.Any(), Watch(slot))),
        (4, () => Requests.OnPath(Op.GetAcl, paths.Any())),
        (2, () => Requests.OnPath(Op.GetEphemerals, Ephemerals())),
        (2, () => Requests.OnPath(Op.GetAllChildrenNumber, paths.Any())),
        (4, MultiRead),
        (2, () => Requests.OnPath(Op.Sync, Echoed())),
        (1, () => Requests.Bare(Op.WhoAmI)),
        (1, () => Requests.Bare(Op.Ping)),
        (1, OnBuiltIn),
    ])();

    /// <summary>addWatch, checkWatches, removeWatches, setWatches.</summary>
    public Request OnWatches(int slot) => random.Weighted<Func<Request>>(
    [
        (6, () => AddWatch(slot)),
        (3, () => OnWatch(slot)),
        (4, () => SetWatches(slot)),
    ])();

    public Request SetWatches(int slot)
    {
        var op = random.Pick(Op.SetWatches, Op.SetWatches2);
        var isPersistent = slot == PersistentSlot;
        if (isPersistent)
            op = Op.SetWatches2;
        IReadOnlyList<WirePath>[] lists =
        [
            isPersistent ? [] : Some(),
            isPersistent ? [] : Some(),
            isPersistent ? [] : Some(),
        ];
        if (op == Op.SetWatches2)
        {
            var watched = isPersistent ? Some() : [];
            lists = [.. lists, Of(watched, Persistent), Of(watched, Recursive)];
        }

        return Requests.SetWatches(op, random.Pick<long?>(null, null, null, 0, long.MaxValue), lists);
    }

    public Request Auth() => random.Below(12) switch
    {
        < 5 => Requests.Auth("digest", "alice:alicep"),
        < 8 => Requests.Auth("digest", "bob:bobp"),
        8 => Requests.Auth("digest", "alice:wrong"),
        9 => Requests.Auth("ip", ""),
        10 => Requests.Auth("world", "anyone"),
        _ => Requests.Auth("nobody", "knows"),
    };

    private static int ModeOf(string path) => path.Length % 2 == 0 ? Persistent : Recursive;

    private IReadOnlyList<WirePath> Of(IEnumerable<WirePath> watched, int mode) =>
        [.. watched.Where(path => ModeOf(path.Shown[1..]) == mode)];

    private bool Watch(int slot) => !isGuarded && slot != PersistentSlot && random.Chance(50);

    private Request AddWatch(int slot)
    {
        if (slot != PersistentSlot || random.Chance(5))
            return Requests.Watch(Op.AddWatch, WirePath.Below(paths.Known()), random.Pick(-1, 2, 7));
        var path = random.Chance(10) ? "" : paths.Known();
        return Requests.Watch(Op.AddWatch, WirePath.Below(path), ModeOf(path));
    }

    public CheckAndRemove CheckAndRemove(int slot)
    {
        var path = paths.Known();
        return new CheckAndRemove(slot, WirePath.Below(path), TypeOf(path, slot));
    }

    private Request OnWatch(int slot)
    {
        var path = paths.Known();
        return random.Chance(20)
            ? Requests.Watch(
                random.Pick(Op.CheckWatches, Op.RemoveWatches), WirePath.Below(path), random.Pick(0, 6, -1))
            : Requests.Watch(Op.RemoveWatches, WirePath.Below(path), TypeOf(path, slot));
    }

    // Types 4 and 5 are those of the path's mode.
    private int TypeOf(string path, int slot) =>
        slot != PersistentSlot ? random.Pick(1, 2, 3) : random.Chance(50) ? 3 : 4 + ModeOf(path);

    private WirePath Ephemerals() => random.Below(5) switch
    {
        0 => WirePath.Null,
        1 => WirePath.Just("/"),
        2 => WirePath.Just(""),
        3 => WirePath.Below("/a"),
        _ => WirePath.Below(paths.Known()),
    };

    // ZooKeeper writes what is no character of the basic plane in a way of its own (zookeeper-protocol 1.2).
    private WirePath Echoed() => random.Chance(20) ? WirePath.Null : WirePath.Below(paths.Known());

    private Request MultiRead()
    {
        var parts = new List<Request>();
        for (var count = random.Below(4); count > 0; count--)
            parts.Add(Requests.Read(random.Pick(Op.GetData, Op.GetChildren), paths.Any(), watch: false));
        if (random.Chance(8))
            parts.Add(Requests.Delete(WirePath.Below(paths.Known()), -1));
        return Request.Of(Op.MultiRead, parts);
    }

    private Request OnBuiltIn() => random.Below(3) switch
    {
        0 => Requests.OnPath(Op.GetAcl, PathChoices.BuiltIn),
        1 => Requests.Read(Op.GetData, PathChoices.BuiltIn, watch: false),
        _ => Requests.Read(Op.Exists, PathChoices.BuiltIn, watch: false),
    };

    private List<WirePath> Some()
    {
        var some = new List<WirePath>();
        for (var count = random.Below(4); count > 0; count--)
            some.Add(WirePath.Below(paths.Known()));
        return some;
    }
}
