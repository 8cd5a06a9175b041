namespace Coord.Client.Recipes;

/// <summary>Where a handle stands.</summary>
public enum HandleState
{
    /// <summary>Held, and connected.</summary>
    Held = 0,

    /// <summary>Disconnected, before the session deadline: still held.</summary>
    Suspect = 1,

    /// <summary>Lost for good.</summary>
    Lost = 2,

    /// <summary>Released by its holder.</summary>
    Released = 3,
}
