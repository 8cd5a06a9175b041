using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Tests;

/// <summary>
/// A parent with a child that is created at zxid 5, changed at 7, deleted at 9 and created again at 11, and with
/// another one that is created at 13. Who watches is a session of its own; times are small numbers.
/// </summary>
internal static class FamilyScene
{
    public const string Parent = "/jepsen/watch/parent-0";
    public const string Child = Parent + "/child-0";
    public const string Other = Parent + "/child-1";
    public const string OtherParent = "/jepsen/watch/parent-1";

    private const int Watcher = 7;

    public static Operation[] Changes { get; } =
    [
        Change(OperationKind.Create, Child, zxid: 5), Change(OperationKind.Set, Child, zxid: 7),
        Change(OperationKind.Delete, Child, zxid: 9), Change(OperationKind.Create, Child, zxid: 11),
        Change(OperationKind.Create, Other, zxid: 13),
    ];

    public static Operation Change(OperationKind kind, string key, long zxid) => new()
    {
        Process = 1, Session = 1, Connection = 1, Kind = kind, Key = key, Invoked = 0, Completed = 0, Zxid = zxid,
        Tag = zxid,
    };

    /// <summary>One whose outcome nobody knows.</summary>
    public static Operation Unknown(OperationKind kind, string key) =>
        Change(kind, key, zxid: 0) with { Completed = Operation.Never };

    public static Operation Reply(OperationKind kind, string key, int at, long zxid) => new()
    {
        Process = Watcher, Session = Watcher, Connection = 1, Kind = kind, Key = key, Invoked = at, Completed = at,
        Zxid = zxid,
    };

    public static Operation Event(WatchEventType type, string key, int at, long zxid) =>
        Reply(OperationKind.Event, key, at, zxid) with { Amount = (int)type };

    /// <summary>The same on the second connection of the session.</summary>
    public static Operation Later(this Operation operation) => operation with { Connection = 2 };

    /// <summary>The same of a server that names no transaction.</summary>
    public static Operation Nameless(this Operation fired) => fired with { Zxid = -1 };
}
