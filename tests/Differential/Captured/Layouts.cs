using Coord.Differential.Wire;

namespace Coord.Differential.Captured;

/// <summary>Which fields the record of each operation has, in their order (zookeeper-protocol 1.3 to 2.1).</summary>
internal static class Layouts
{
    public const string ConnectRequest =
        "protocolVersion:int lastZxidSeen:zxid timeOut:int sessionId:session passwd:password readOnly:last";

    public const string ConnectResponse =
        "protocolVersion:int timeOut:int sessionId:session passwd:password readOnly:last";

    public const string RequestHeader = "xid:int type:int";
    public const string ReplyHeader = "xid:int zxid:applied err:int";

    /// <summary>Of a transaction, also of one that fails; one that cannot be read is none (zookeeper-protocol 1.5).
    /// </summary>
    public const string TransactionHeader = "xid:int zxid:zxid err:int";

    public const string EventHeader = "xid:int zxid:cause err:int";
    public const string Event = "type:int state:int path:text";
    public const string PartHeader = "type:int done:bool err:int";

    /// <summary>What stands in place of a part's result when the multi failed.</summary>
    public const string PartError = "again:int";

    public static string Of(Op op, bool isRequest) => isRequest ? OfRequest(op) : OfReply(op);

    private static string OfRequest(Op op) => op switch
    {
        Op.Create or Op.Create2 or Op.CreateContainer => "path:text data:bytes acl:acl flags:int",
        Op.CreateTtl => "path:text data:bytes acl:acl flags:int ttl:long",
        Op.Delete or Op.Check => "path:text version:int",
        Op.Exists or Op.GetData or Op.GetChildren or Op.GetChildren2 => "path:text watch:bool",
        Op.SetData => "path:text data:bytes version:int",
        Op.GetAcl or Op.Sync or Op.GetEphemerals or Op.GetAllChildrenNumber or Op.DeleteContainer => "path:text",
        Op.SetAcl => "path:text acl:acl version:int",
        Op.AddWatch => "path:text mode:int",
        Op.CheckWatches or Op.RemoveWatches => "path:text type:int",
        Op.Reconfig => "joiningServers:text leavingServers:text newMembers:text curConfigId:long",
        Op.Auth => "type:int scheme:text auth:bytes",
        Op.Sasl => "token:bytes",
        Op.SetWatches => "relativeZxid:zxid data:names exist:names child:names",
        Op.SetWatches2 =>
            "relativeZxid:zxid data:names exist:names child:names persistent:names persistentRecursive:names",
        _ => "",
    };

    private static string OfReply(Op op) => op switch
    {
        Op.Create or Op.Sync => "path:text",
        Op.Create2 or Op.CreateContainer or Op.CreateTtl => $"path:text {Stat}",
        Op.Exists or Op.SetData or Op.SetAcl => Stat,
        Op.GetData => $"data:bytes {Stat}",
        Op.GetAcl => $"acl:acl {Stat}",
        Op.GetChildren or Op.GetEphemerals => "names:names",
        Op.GetChildren2 => $"names:names {Stat}",
        Op.GetAllChildrenNumber => "totalNumber:int",
        Op.AddWatch => "result:int",
        Op.WhoAmI => "identities:identities",
        Op.Sasl => "token:bytes",
        _ => "",
    };

    private const string Stat =
        "czxid:zxid mzxid:zxid ctime:time mtime:time version:int cversion:int aversion:int ephemeralOwner:session"
        + " dataLength:int numChildren:int pzxid:zxid";
}
