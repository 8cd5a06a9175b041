namespace Coord.Client.Tests;

/// <summary>What a scripted server does to one request.</summary>
public enum FaultKind
{
    /// <summary>Carries it out and cuts the connection instead of replying: done, and unknown to the client.</summary>
    DropReply,

    /// <summary>Cuts the connection without carrying it out.</summary>
    DropRequest,

    /// <summary>Cuts the connection; the request stays on its way until it is delivered by hand.</summary>
    HoldBack,

    /// <summary>Carries it out and never replies, with the connection left open.</summary>
    Swallow,

    /// <summary>Answers with the fault's error.</summary>
    Refuse,
}
