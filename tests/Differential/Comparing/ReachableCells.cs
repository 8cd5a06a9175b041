using Coord.Differential.Runs;

namespace Coord.Differential.Comparing;

/// <summary>
/// Which errors an operation can have in these sequences (zookeeper-protocol 2.3): a full run has to meet each of them,
/// and no other.
/// </summary>
internal static class ReachableCells
{
    private const int Quota = -125;
    private const int NoWatcher = -121;
    private const int Refused = Describing.Refused;

    private static readonly (string Row, int[] Errors)[] Rows =
    [
        ("Create", [0, -5, -8, -101, -102, -108, -110, -114, Quota]),
        ("Create2", [0, -5, -8, -101, -102, -108, -110, -114, Quota]),
        ("CreateContainer", [0, -5, -8, -101, -102, -108, -110, -114, Quota]),
        ("CreateTtl", [0, -5, -8, -101, -102, -108, -110, -114, Quota]),
        ("Delete", [0, -5, -8, -101, -102, -103, -111]),
        ("SetData", [0, -5, -8, -101, -102, -103, Quota]),
        ("SetAcl", [0, -5, -8, -101, -102, -103, -114]),
        ("Multi", [0, -5]),
        ("Multi: Create", [0, -2, -8, -101, -102, -108, -110, -114]),
        ("Multi: Create2", [0, -2, -8, -101, -102, -108, -110, -114]),
        ("Multi: CreateContainer", [0, -2, -8, -101, -102, -108, -110, -114]),
        ("Multi: CreateTtl", [0, -2, -8, -101, -102, -108, -110, -114]),
        ("Multi: Delete", [0, -2, -8, -101, -102, -103, -111]),
        ("Multi: SetData", [0, -2, -8, -101, -102, -103]),
        ("Multi: Check", [0, -2, -8, -101, -102, -103]),
        ("Exists", [0, -5, -8, -101, -102]),
        ("GetData", [0, -5, -101, -102]),
        ("GetAcl", [0, -5, -101, -102]),
        ("GetChildren", [0, -5, -101, -102]),
        ("GetChildren2", [0, -5, -101, -102]),
        ("GetAllChildrenNumber", [0, -5, -101, -102]),
        ("GetEphemerals", [0, -5]),
        ("MultiRead", [0, -5]),
        ("MultiRead: GetData", [0, -101, -102]),
        ("MultiRead: GetChildren", [0, -101, -102]),
        ("Sync", [0, -5]),
        ("SetWatches", [0, -5]),
        ("SetWatches2", [0, -5]),
        ("AddWatch", [0, -5]),
        ("CheckWatches", [0, -5, NoWatcher]),
        ("RemoveWatches", [0, -5, NoWatcher]),
        ("WhoAmI", [0]),
        ("Ping", [0]),
        ("Auth", [0, -115]),
        ("Sasl", [-115]),
        ("Reconfig", [-123]),
        ("CloseSession", [0]),
        ("Check", [-6]),
        ("DeleteContainer", [-6]),
        ("CreateSession", [-6]),
        ("no opcode", [-6]),
        ("greeting: Right", [0]),
        ("greeting: Short", [0]),
        ("greeting: Takeover", [0]),
        ("greeting: ShortPassword", [Refused]),
        ("greeting: WrongPassword", [Refused]),
        ("greeting: UnknownSession", [Refused]),
        ("greeting: Ahead", [Refused]),
        ("greeting: expired", [Refused]),
    ];

    public static IReadOnlySet<Cell> All { get; } =
        Rows.SelectMany(row => row.Errors.Select(error => new Cell(row.Row, error))).ToHashSet();
}
