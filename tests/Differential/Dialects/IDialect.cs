using Coord.Differential.Sequences;

namespace Coord.Differential.Dialects;

/// <summary>
/// Where servers are known to differ: what turns their outcomes into those of ZooKeeper 3.9. Every deviation is one of
/// <see cref="KnownDifference"/>.
/// </summary>
internal interface IDialect
{
    /// <summary>What is sent in place of a request.</summary>
    Request OnWire(Request request);

    /// <summary>The error that is taken to be its answer, before the connection closes, without asking.</summary>
    int? AnswerUnasked(Request request);

    /// <summary>checkWatches tells what removeWatches would find.</summary>
    bool IsCheckReliable { get; }

    /// <summary>A second request whose error holds for this one too; null for none.</summary>
    Request? AskedToo(Request request);

    /// <summary>The second request's error was taken.</summary>
    void CountAskedToo();

    /// <summary>How the result of a sub-operation is shown.</summary>
    string PartResult(Request part, int type, string result);

    /// <summary>The refusal of a request that has a null where ZooKeeper does not expect one.</summary>
    bool IsRefusalOfNull(Request request, int error);

    /// <summary>How many bytes behind an error are as many as there should be.</summary>
    bool IsErrorBody(Request request, int bytes);

    /// <summary>An event's zxid: that of its cause, or −1.</summary>
    /// <param name="zxid">As it came.</param>
    /// <param name="isReplay">It answers setWatches.</param>
    /// <param name="isCause">It is that of the transaction that fired it.</param>
    string EventZxid(long zxid, bool isReplay, bool isCause);
}
