namespace Coord.Client.Recipes;

/// <summary>A contender znode whose turn has come.</summary>
/// <param name="Contender">The znode.</param>
/// <param name="Guard">Watches over it; to be disposed by whoever gives the turn up.</param>
/// <param name="Token">What fences or identifies the holder.</param>
internal sealed record Turn(CreatedZnode Contender, ZnodeGuard Guard, FencingToken Token);
