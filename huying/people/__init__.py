"""Who: accounts, units, posts, rights and the actor behind every act."""
