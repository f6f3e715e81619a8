"""Synchronising over real HTTP: beside gcal_sync at Google's fake, beside vdirsyncer at Radicale."""
