using Coord.Differential.Wire;

namespace Coord.Differential.Sequences;

/// <summary>Draws transactions.</summary>
internal sealed class WriteChoices(
    SeededRandom random, Belief belief, PathChoices paths, bool isGuarded, bool isLimited)
{
    private const int FrameBytesMax = 0xFFFFF;
    private const long TtlMax = 0xFF_FFFF_FFFF;
    private const long LongTtl = 1_000_000_000;

    public Request One(int slot) => random.Weighted<Func<Request>>(
    [
        (34, () => Create(slot, isPart: false)),
        (14, () => Delete(isPart: false)),
        (18, () => SetData(isPart: false)),
        (8, SetAcl),
        (isLimited ? 0 : 22, () => Multi(slot)),
        (1, Largest),
        (3, OnBuiltIn),
    ])();

    /// <summary>A transaction that is meant to succeed and to be seen by watchers.</summary>
    public Request Visible(int slot) => random.Chance(60) ? Create(slot, isPart: false) : SetData(isPart: false);

    private Request Create(int slot, bool isPart)
    {
        var op = random.Weighted<Op>([(12, Op.Create), (8, Op.Create2), (2, Op.CreateContainer), (4, Op.CreateTtl)]);
        // Containers and TTL nodes go where nothing is created below them.
        var isSwept = op is Op.CreateContainer or Op.CreateTtl;
        var flags = op == Op.CreateTtl && random.Chance(80) ? random.Pick(5, 6) : Flags();
        // 3.9 refuses a multi with such a part before it runs, 3.8 looks at the part when its turn comes.
        if (isPart && op != Op.CreateTtl && flags is (< 0 or > 4))
            flags = 0;
        // Until it is applied, ZooKeeper takes such a container for an ephemeral, which has no children.
        if (op == Op.CreateContainer && flags is (1 or 3))
            flags = 4;
        // In 3.8 the flag alone tells what a part creates, in 3.9 the operation does, too.
        if (isPart && op == Op.CreateContainer)
            flags = 4;
        if (isPart && flags == 4)
            isSwept = true;
        if (random.Chance(6))
            return Requests.Create(op, paths.Odd(isPart), Data(), Acl(isPart), flags is 2 or 3 ? 0 : flags, LongTtl);

        var path = isSwept ? paths.ToBeSwept() : random.Chance(85) ? paths.New() : paths.Known();
        var isSequential = flags is 2 or 3 or 6;
        if (isSequential && random.Chance(20))
            path += "/";
        var acl = Acl(isPart);
        if (flags is >= 0 and <= 4 && !AclList.Invalid.Contains(acl))
            belief.Create(path, isSequential, flags is 1 or 3 ? slot : null);
        // A TTL out of range behind a flag without TTL passes ZooKeeper's checks and ends its process, at every start.
        return Requests.Create(op, WirePath.Below(path), Data(), acl, flags, flags is 5 or 6 ? Ttl() : LongTtl);
    }

    private int Flags() => random.Weighted<int>(
    [
        (40, 0), (14, 1), (14, 2), (8, 3), (3, 4), (1, 5), (1, 6), (1, 7), (1, -1),
    ]);

    private long Ttl() => random.Weighted<long>([(12, LongTtl), (1, 0), (1, -1), (1, TtlMax), (1, TtlMax + 1)]);

    private Request Delete(bool isPart)
    {
        if (random.Chance(8))
            return Requests.Delete(paths.Odd(isPart), -1);
        var path = random.Chance(10) ? paths.ToBeSwept() : paths.Known();
        var version = Version(path);
        if (version == -1 || version == belief.VersionOf(path))
            belief.Delete(path);
        return Requests.Delete(WirePath.Below(path), version);
    }

    private Request SetData(bool isPart)
    {
        if (random.Chance(6))
            return Requests.SetData(paths.Odd(isPart), Data(), -1);
        var path = random.Chance(10) ? paths.ToBeSwept() : paths.Known();
        var version = Version(path);
        if (version == -1 || version == belief.VersionOf(path))
            belief.SetData(path);
        return Requests.SetData(WirePath.Below(path), Data(), version);
    }

    private Request SetAcl() => random.Chance(5)
        ? Requests.SetAcl(paths.Odd(isPart: false), Acl(isPart: false), -1)
        : Requests.SetAcl(WirePath.Below(paths.Known()), SomeAcl(isPart: false), random.Pick(-1, -1, 0, 0, 1, 2, -2));

    private Request Multi(int slot)
    {
        var parts = new List<Request>();
        for (var count = random.Below(6); count > 0; count--)
            parts.Add(Part(slot));
        if (random.Chance(4))
            parts.Insert(random.Below(parts.Count + 1), NoPart());
        return Request.Of(Op.Multi, parts);
    }

    private Request Part(int slot) => random.Weighted<Func<Request>>(
    [
        (10, () => Create(slot, isPart: true)),
        (5, () => Delete(isPart: true)),
        (6, () => SetData(isPart: true)),
        (5, Check),
    ])();

    private Request Check()
    {
        if (random.Chance(8))
            return Requests.Check(paths.Odd(isPart: true), -1);
        var path = paths.Known();
        return Requests.Check(WirePath.Below(path), Version(path));
    }

    private Request NoPart() => random.Below(4) switch
    {
        0 => Requests.Read(Op.GetData, WirePath.Below("/a"), watch: false),
        1 => Requests.SetAcl(WirePath.Below("/a"), AclList.Open, -1),
        2 => Requests.OnPath(Op.Sync, WirePath.Below("/a")),
        _ => Requests.Bare((Op)77),
    };

    /// <summary>As large as a frame may be: the data fills what the other fields leave.</summary>
    private Request Largest()
    {
        var path = WirePath.Below(paths.Known());
        return Request.Of(Op.SetData, path, "fills the largest frame", frame =>
        {
            const int headerAndLengths = 8 + 4 + 4 + 4;
            frame.Path(path);
            frame.Buffer(new byte[FrameBytesMax - headerAndLengths - path.Encode(frame.Prefix)!.Length]);
            frame.Int(-1);
        });
    }

    private Request OnBuiltIn() => random.Below(5) switch
    {
        0 => Requests.Create(Op.Create, WirePath.Just("/"), Data(), AclList.Open, 0),
        1 => Requests.Delete(
            WirePath.Just(random.Pick("/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config")),
            random.Pick(-1, 0, 5)),
        2 => Requests.SetData(WirePath.Just("/zookeeper/config"), Data(), -1),
        3 => Requests.SetData(WirePath.Just("/"), Data(), 77),
        _ => Requests.SetAcl(WirePath.Just("/"), AclList.Open, 77),
    };

    private int Version(string path) => random.Below(8) switch
    {
        < 4 => -1,
        < 7 => belief.VersionOf(path),
        _ => random.Pick(0, 1, 5, -2, int.MaxValue, int.MinValue),
    };

    private byte[]? Data() => random.Below(6) switch
    {
        0 => null,
        1 => [],
        2 => [0],
        3 => new byte[1_000],
        _ => [(byte)random.Below(256), (byte)'x'],
    };

    private AclList Acl(bool isPart) => random.Chance(80) ? AclList.Open : SomeAcl(isPart);

    // 3.9 refuses a multi with a null list, and runs into a null id.
    private static bool IsForPart(AclList acl) => !acl.HasNull && acl.Entries is not null;

    private AclList SomeAcl(bool isPart) => random.Below(10) switch
    {
        < 3 => AclList.Open,
        < 5 => random.Pick<AclList>([.. AclList.Invalid.Where(acl => !isPart || IsForPart(acl))]),
        < 8 when isGuarded => random.Pick<AclList>([.. AclList.Guarding]),
        _ => random.Pick<AclList>([.. AclList.Readable]),
    };
}
