using Coord.Differential.Sequences;
using Coord.Differential.Wire;

namespace Coord.Differential.Dialects;

/// <summary>Debian's ZooKeeper, 3.8.0, made to speak as 3.9 does.</summary>
internal sealed class ZooKeeper38 : IDialect
{
    private const int AnyWatch = 3;
    private const int MarshallingError = -5;
    private const int Unimplemented = -6;
    private const int AuthFailed = -115;
    private const int BadArguments = -8;
    private const int InvalidAcl = -114;

    public Request OnWire(Request request)
    {
        if (request.Op is not (Op.CheckWatches or Op.RemoveWatches) || request.WatchType is not (4 or 5))
            return request;
        KnownDifference.PersistentTypes.Count();
        return Requests.Watch(request.Op, request.Path!, AnyWatch) with { BytesCut = request.BytesCut };
    }

    public bool IsCheckReliable
    {
        get
        {
            KnownDifference.CheckWatches.Count();
            return false;
        }
    }

    public int? AnswerUnasked(Request request)
    {
        var known = request.Op switch
        {
            Op.Check => KnownDifference.CheckAlone,
            Op.DeleteContainer or Op.CreateSession => KnownDifference.Internal,
            Op.Sasl => KnownDifference.Sasl,
            _ => null,
        };
        known?.Count();
        return known is null ? null : request.Op == Op.Sasl ? AuthFailed : Unimplemented;
    }

    public Request? AskedToo(Request request) =>
        request.Op == Op.Exists ? Requests.Read(Op.GetData, request.Path!, watch: false) : null;

    public void CountAskedToo() => KnownDifference.ExistsWithoutRead.Count();

    public string PartResult(Request part, int type, string result) => $"{type} {result}";

    public bool IsRefusalOfNull(Request request, int error)
    {
        if (!request.HasNull || !request.IsWrite || error is not (MarshallingError or BadArguments or InvalidAcl))
            return false;
        KnownDifference.Null.Count();
        return true;
    }

    public bool IsErrorBody(Request request, int bytes)
    {
        if (request.Op is not (Op.Multi or Op.MultiRead) || bytes == 0)
            return bytes == 0;
        KnownDifference.BodyOfRefusedMulti.Count();
        return true;
    }

    public string EventZxid(long zxid, bool isReplay, bool isCause)
    {
        if (zxid != -1 || isReplay)
            return $"{zxid}";
        KnownDifference.EventZxid.Count();
        return "of its cause";
    }
}
