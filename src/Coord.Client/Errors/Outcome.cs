namespace Coord.Client;

/// <summary>
/// What is known about a call that did not end in success. Never guessed: unknown is a value of its own.
/// </summary>
public enum Outcome
{
    /// <summary>The cluster did not carry the operation out and never will.</summary>
    NotApplied = 0,

    /// <summary>The operation was carried out, although the call ended with an error.</summary>
    Applied = 1,

    /// <summary>It cannot be told: the operation was, was not, or still may be carried out.</summary>
    Unknown = 2,
}
