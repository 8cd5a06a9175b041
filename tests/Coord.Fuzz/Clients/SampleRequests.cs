using System.Text;
using Coord.Fuzz.Bytes;
using Coord.StateMachine.Tests;

namespace Coord.Fuzz.Clients;

/// <summary>Valid requests of every opcode, from the xid on, over few paths so that they meet.</summary>
internal static class SampleRequests
{
    public const int CloseSession = -11;
    public const int Auth = 100;

    private static readonly int[] Creates = [1, 1, 15, 19];
    private static readonly int[] WatchingReads = [3, 4, 8, 12];

    // They end the connection, and with it all that the frames behind them could have shown.
    private static readonly int[] Last = [CloseSession, -10, -1, 0, 13, 20, 102, 999];

    private static readonly string[] Schemes = ["digest", "digest", "ip"];

    private static readonly string[] Paths =
    [
        "/", "/house", "/house/mine", "/a", "/a", "/a", "/a/b", "/a/b", "/a/c", "/a/", "/b/s-", "/b", "", "a", "/a//b",
        "/zookeeper", "/zookeeper/config", "/zookeeper/quota", "/zookeeper/quota/a", "/zookeeper/coord/features",
        "/zookeeper/quota/a/zookeeper_limits", "/zookeeper/quota/a/zookeeper_stats", $"/{new string('x', 300)}",
    ];

    private static readonly string[] Values =
        ["", "x", "count=1,bytes=2", "count=1,bytes=2=;byteHardLimit=3;countHardLimit=4", new('y', 200), new('\0', 8)];

    public static byte[] Of(CaseRandom random, int xid)
    {
        if (random.Chance(0.003))
            return new Wire().Int(xid).Int(random.Pick(Last)).Raw(random.Bytes(random.Below(30))).ToArray();
        var (type, record) = Record(random);
        return new Wire().Int(xid).Int(type).Raw(record).ToArray();
    }

    private static (int Type, byte[] Record) Record(CaseRandom random) => random.Below(18) switch
    {
        0 => (11, []),
        1 => (9, Path(random).ToArray()),
        2 => (random.Pick([6, 103, 104]), Path(random).ToArray()),
        3 or 4 => (random.Pick(WatchingReads), Path(random).Bool(random.Chance(0.6)).ToArray()),
        5 => (14, Multi(random)),
        6 => (22, MultiRead(random)),
        7 when random.Chance(0.3) => (Auth, new Wire().Int(0).Text(random.Pick(Schemes)).Text("v:secret").ToArray()),
        8 => Watches(random),
        9 => (107, []),
        10 => (16, new Wire().Text("").Text("2").Text("").Long(random.AnyLong()).ToArray()),
        11 => (1001, Once(random)),
        12 => (1003, CounterAdd(random)),
        13 => (1004, BarrierRead(random)),
        14 => (1007, CreateRank(random)),
        _ => Write(random),
    };

    private static (int Type, byte[] Record) Write(CaseRandom random)
    {
        var version = random.Pick([-1, -1, 0, 1]);
        return random.Below(7) switch
        {
            0 => (2, Path(random).Int(version).ToArray()),
            1 or 2 => (5, Value(Path(random), random).Int(version).ToArray()),
            3 => (7, Acl(Path(random), random).Int(version).ToArray()),
            4 => (21, Create(random).Int(random.Pick([5, 6, 0])).Long(random.AnyLong()).ToArray()),
            _ => (random.Pick(Creates), Create(random).Int(random.Pick([0, 0, 1, 2, 3, 4, 7])).ToArray()),
        };
    }

    private static (int Type, byte[] Record) Watches(CaseRandom random) => random.Below(4) switch
    {
        0 => (random.Pick([17, 18]), Path(random).Int(random.Between(0, 6)).ToArray()),
        1 => (106, Path(random).Int(random.Between(0, 2)).ToArray()),
        2 => (101, Vectors(random, 3)),
        _ when random.Chance(0.3) => (1008, Vectors(random, 2)),
        _ => (105, Vectors(random, 5)),
    };

    private static byte[] Vectors(CaseRandom random, int count)
    {
        var wire = new Wire().Long(random.AnyLong());
        for (; count > 0; count--)
        {
            var paths = random.Below(4);
            wire.Int(paths);
            for (; paths > 0; paths--)
                wire.Text(random.Pick(Paths));
        }

        return wire.ToArray();
    }

    private static byte[] Once(CaseRandom random)
    {
        var (type, record) = random.Chance(0.3) ? (14, Multi(random))
            : random.Chance(0.2) ? (1003, CounterAdd(random)) : Write(random);
        return new Wire().Long(random.Between(1, 5)).Long(random.Below(3)).Int(type).Raw(record).ToArray();
    }

    private static byte[] CreateRank(CaseRandom random)
    {
        var wire = Create(random).Int(random.Pick([2, 3, 3, 3, 0]));
        for (var vector = 0; vector < 2; vector++)
        {
            var count = random.Pick([0, 1, 1, 2, 9]);
            wire.Int(count);
            for (; count > 0; count--)
                wire.Text(random.Pick(["s-", "b", "-", "lock-", ""]));
        }

        return wire.ToArray();
    }

    private static byte[] BarrierRead(CaseRandom random)
    {
        var (type, record) = random.Chance(0.1) ? Write(random)
            : (random.Pick(WatchingReads), Path(random).Bool(random.Chance(0.6)).ToArray());
        return new Wire().Int(type).Raw(record).ToArray();
    }

    private static byte[] CounterAdd(CaseRandom random)
    {
        var wire = Path(random).Long(random.AnyLong()).Long(random.AnyLong())
            .Long(random.Chance(0.5) ? 0 : random.AnyLong()).Long(random.AnyLong());
        var count = random.Below(4);
        wire.Int(count);
        for (; count > 0; count--)
        {
            wire.Long(random.AnyLong()).Long(random.Chance(0.5) ? long.MinValue : random.AnyLong())
                .Long(random.Chance(0.5) ? long.MaxValue : random.AnyLong()).Int(random.Pick([1, 1, 2, 3_000]));
        }

        return wire.ToArray();
    }

    private static byte[] Multi(CaseRandom random)
    {
        var wire = new Wire();
        for (var count = random.Below(5); count > 0; count--)
        {
            var (type, record) = random.Chance(0.3) ? Check(random) : Write(random);
            wire.MultiHeader(type, isDone: false, error: -1).Raw(record);
        }

        return wire.MultiHeader(-1, isDone: true, error: -1).ToArray();
    }

    private static (int Type, byte[] Record) Check(CaseRandom random) => random.Below(4) switch
    {
        0 => (1005, Path(random).ToArray()),
        1 => (1006, Path(random).Int(random.Between(-1, 2)).ToArray()),
        _ => (13, Path(random).Int(-1).ToArray()),
    };

    private static byte[] MultiRead(CaseRandom random)
    {
        var wire = new Wire();
        for (var count = random.Below(6); count > 0; count--)
            wire.MultiHeader(random.Pick([4, 8]), isDone: false, error: -1).Raw(Path(random).Bool(true).ToArray());
        return wire.MultiHeader(-1, isDone: true, error: -1).ToArray();
    }

    private static Wire Create(CaseRandom random) => Acl(Value(Path(random), random), random);

    private static Wire Path(CaseRandom random) => new Wire().Text(random.Pick(Paths));

    private static Wire Value(Wire wire, CaseRandom random) =>
        random.Chance(0.1) ? wire.Int(-1) : wire.Bytes(Encoding.UTF8.GetBytes(random.Pick(Values)));

    private static Wire Acl(Wire wire, CaseRandom random) => random.Below(8) switch
    {
        0 => wire.Acl((31, "auth", null)),
        1 => wire.Acl((3, "ip", "127.0.0.1/8"), (1, "world", "anyone")),
        2 => wire.Acl((31, "digest", "v:hash=")),
        3 => wire.Acl(null),
        _ => wire.OpenAcl(),
    };
}
