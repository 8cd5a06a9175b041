namespace Coord.Client;

/// <summary>One change of a client's state.</summary>
/// <param name="State">The state entered.</param>
/// <param name="Reason">Why, one sentence for a person.</param>
/// <param name="Session">The session it concerns: the present one, for <see cref="SessionState.Lost"/> the lost
/// one.</param>
public sealed record SessionTransition(SessionState State, string Reason, CoordSession Session);
