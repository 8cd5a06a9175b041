using Coord.Differential.Sequences;
using Coord.Differential.Wire;

namespace Coord.Differential.Dialects;

/// <summary>Coord, which follows 3.9.</summary>
internal sealed class ZooKeeper39 : IDialect
{
    private const int Container = 4;
    private const int BadArguments = -8;
    private const int InvalidAcl = -114;

    public Request OnWire(Request request) => request;

    public int? AnswerUnasked(Request request) => null;

    public bool IsCheckReliable => true;

    public Request? AskedToo(Request request) => null;

    public void CountAskedToo()
    {
        // Nothing is asked twice here.
    }

    public string PartResult(Request part, int type, string result)
    {
        if (part is not { Op: Op.Create2, Flags: not Container } || type != (int)Op.Create2)
            return $"{type} {result}";
        KnownDifference.Create2InMulti.Count();
        return $"{(int)Op.Create} {result[..result.IndexOf(" {", StringComparison.Ordinal)]}";
    }

    public bool IsRefusalOfNull(Request request, int error) =>
        request.HasNull && request.IsWrite && error is (BadArguments or InvalidAcl);

    public bool IsErrorBody(Request request, int bytes) => bytes == 0;

    public string EventZxid(long zxid, bool isReplay, bool isCause) =>
        isReplay || !isCause ? $"{zxid}" : "of its cause";
}
