namespace Coord.Client.Recipes;

/// <summary>What a waiter does when its session is lost.</summary>
public enum WhenSessionLost
{
    /// <summary>Stands in line again, at the end, with the same deadline.</summary>
    Requeue = 0,

    /// <summary>Ends with <see cref="SessionLostException"/>.</summary>
    Fail = 1,
}
